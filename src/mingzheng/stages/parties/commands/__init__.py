"""The acts of this stage, by whom they concern: register, people, certificates, roles, agencies, secrets, logins, protection."""

from mingzheng.stages.parties.commands.agencies import authorise_agency, revoke_authorisation
from mingzheng.stages.parties.commands.certificates import enrol_certificate, revoke_certificate
from mingzheng.stages.parties.commands.logins import choose_organisation, log_in, log_out, refuse_login
from mingzheng.stages.parties.commands.protection import record_assessment
from mingzheng.stages.parties.commands.register import add_person, register_organisation
from mingzheng.stages.parties.commands.roles import grant_role, withdraw_role
from mingzheng.stages.parties.commands.secrets import begin_totp, confirm_totp, set_password
from mingzheng.stages.parties.commands.watching import note_sensitive_view, raise_warning

__all__ = [
    "add_person", "authorise_agency", "begin_totp", "choose_organisation", "confirm_totp", "enrol_certificate",
    "grant_role", "log_in", "log_out", "note_sensitive_view", "raise_warning", "record_assessment", "refuse_login", "register_organisation", "revoke_authorisation",
    "revoke_certificate", "set_password", "withdraw_role",
]  # fmt: skip
