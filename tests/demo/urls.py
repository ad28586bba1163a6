"""The site's addresses as a demo has them."""

from django.urls import include, path

from mingzheng.site.urls import urlpatterns as of_the_site

urlpatterns = [*of_the_site, path("", include("mingzheng.site.demo.urls"))]
