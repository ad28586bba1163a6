"""A real PDF of one page in a kilobyte: what the demo's bidders seal."""


def small_pdf(title: str, lines: list[object]) -> bytes:
    """One page with a title and lines; letters outside ASCII become question marks (no font is embedded)."""
    shown = [title, *(str(line) for line in lines)]
    text = "BT /F1 14 Tf 60 760 Td 22 TL " + " ".join(f"({_plain(line)}) Tj T*" for line in shown) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    made, places = "%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(made))
        made += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    made += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    made += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{made.index('xref')}\n%%EOF\n"
    return made.encode("ascii")


def _plain(text: str) -> str:
    shown = text.encode("ascii", "replace").decode("ascii")
    return shown.replace("\\", "").replace("(", "").replace(")", "")
