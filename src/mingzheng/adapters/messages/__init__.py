"""Messages to people: in the site, by e-mail, by SMS, by a logged call."""
