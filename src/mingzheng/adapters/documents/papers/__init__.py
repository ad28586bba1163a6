"""The papers themselves, in the order of a procedure: their facts and their words."""
