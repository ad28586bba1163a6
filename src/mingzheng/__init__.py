"""Mingzheng 明证: online tendering in which every step leaves proof an outsider can check."""
