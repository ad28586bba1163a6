"""Notice and tender documents: drafting from templates, checking, publishing, enrolment, questions, clarifications."""
