"""The place of the seal: an empty signature field, put into the paper when it is made, filled when it is sealed."""

from __future__ import annotations

from dataclasses import dataclass

import pikepdf

#: The name of the signature field.
FIELD = "Seal"
#: The side of the seal on paper in points (34 mm, as `paper.typ` leaves room for).
SIDE = 34 / 25.4 * 72
_PRINTED = 4  # annotation flag Print: PDF/A wants it


@dataclass(frozen=True, slots=True)
class Place:
    """Page (from 1) and upper left corner, in points from the upper left corner of the page."""

    page: int
    x: float
    y: float


def add_field(document: pikepdf.Pdf, place: Place) -> None:
    """An empty signature field with an empty appearance (PDF/A wants one); signing replaces it."""
    page = document.pages[place.page - 1]
    top = float(page.mediabox[3]) - place.y
    corners = [place.x, top - SIDE, place.x + SIDE, top]
    nothing = document.make_stream(b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, SIDE, SIDE])
    field = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Sig,
            T=FIELD,
            Rect=[round(value, 2) for value in corners],
            F=_PRINTED,
            P=page.obj,
            AP=pikepdf.Dictionary(N=nothing),
        )
    )
    page.obj.Annots = pikepdf.Array([*page.obj.get("/Annots", []), field])
    document.Root.AcroForm = pikepdf.Dictionary(Fields=[field], SigFlags=3)
