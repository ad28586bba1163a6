"""审计: what every account did, sought by person, kind, day and procedure, in the words of the screens."""
