"""One notification service: in-site, e-mail, SMS, logged call, each with a delivery state per person."""
