"""The rehearsal player: real tenders from OCDS releases, played over HTTP by parties with keys of their own."""
