"""An import contract: some rooms of a stage (models, commands, timers, reactions, pages) are entered by that stage only."""

from __future__ import annotations

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class OwnRooms(Contract):  # type: ignore[misc]
    """Whoever is outside a stage and not of `visitors` may import none of its `rooms`, but what `shared` names."""

    container = fields.StringField()
    rooms = fields.ListField(subfield=fields.StringField())
    visitors = fields.ListField(subfield=fields.StringField())
    shared = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Kept when no import crosses; the broken ones are told one by one."""
        found = []
        for stage in sorted(graph.find_children(self.container)):
            for room in sorted(graph.find_children(stage)):
                if room.rsplit(".", 1)[-1] in self.rooms:
                    found += self._entered(graph, stage, room)
        return ContractCheck(kept=not found, metadata={"found": found})

    def _entered(self, graph: ImportGraph, stage: str, room: str) -> list[dict[str, Any]]:
        """Imports of a room (with everything in it) from outside its stage."""
        found: list[dict[str, Any]] = []
        for module in sorted({room, *graph.find_descendants(room)} - set(self.shared or ())):
            for importer in sorted(graph.find_modules_that_directly_import(module)):
                at_home = any(f"{importer}.".startswith(f"{home}.") for home in (stage, *self.visitors))
                if not at_home and ".tests" not in importer:
                    found += graph.get_import_details(importer=importer, imported=module)
        return found

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line an import."""
        for one in check.metadata["found"]:
            output.print_error(f"- {one['importer']} -> {one['imported']} (l.{one['line_number']})", bold=False)
