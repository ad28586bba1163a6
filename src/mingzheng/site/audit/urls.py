"""The audit administrator's address."""

from django.urls import path

from mingzheng.site.audit import views

urlpatterns = [path("admin-audit", views.admin_audit, name="admin-audit")]
