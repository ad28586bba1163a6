"""Addresses of parties."""

from django.urls import path

from mingzheng.stages.parties.web import certificates, login, registration, views

urlpatterns = [
    path("login", login.login, name="login"),
    path("login/challenge", login.challenge, name="login-challenge"),
    path("login/certificate", login.with_certificate, name="login-certificate"),
    path("login/password", login.with_password, name="login-password"),
    path("login/organisation", login.choose_organisation, name="login-organisation"),
    path("logout", login.logout, name="logout"),
    path("register", registration.register, name="register"),
    path("account", views.account, name="account"),
    path("certificates", certificates.certificates, name="certificates"),
    path("certificates/demo", certificates.demo_counter, name="certificates-demo"),
    path("authorisations", views.authorisations, name="authorisations"),
    path("admin-system", views.admin_system, name="admin-system"),
    path("admin-security", views.admin_security, name="admin-security"),
]
