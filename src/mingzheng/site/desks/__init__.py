"""One desk a role: what waits now, with its clock; and the overview page of a lot."""
