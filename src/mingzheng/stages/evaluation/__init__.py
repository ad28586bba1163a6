"""Evaluation at one site: committee, declarations, chair, sealed scores, methods, report signed by all."""
