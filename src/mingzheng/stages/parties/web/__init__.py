"""Pages of this stage: logging in, the own account, registration, agencies, and the three administrators' desks."""
