"""/design: every component in every state."""

from django.urls import path

from mingzheng.site.design.views import design

urlpatterns = [path("design", design, name="design")]
