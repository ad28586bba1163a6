"""Which class stands for which port: checked by the type checker, costs nothing at run time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mingzheng.adapters.bank import Bank, DemoBank, DirectBank
    from mingzheng.adapters.documents import Typesetter
    from mingzheng.adapters.documents.port import Documents
    from mingzheng.adapters.media import DirectMedium, FolderMedium, StatutoryMedium
    from mingzheng.adapters.messages import MailMessenger, Messenger, OutboxMessenger, SmsMessenger
    from mingzheng.adapters.scanning import FileScanner, Scanner
    from mingzheng.adapters.storage import FileStore, ObjectStore

    def banks(demo: DemoBank, direct: DirectBank) -> tuple[Bank, ...]:
        """The embedded bank, and the real one over HTTPS."""
        return demo, direct

    def messengers(outbox: OutboxMessenger, mail: MailMessenger, sms: SmsMessenger) -> tuple[Messenger, ...]:
        """The local outbox, SMTP, an SMS gateway."""
        return outbox, mail, sms

    def media(folder: FolderMedium, direct: DirectMedium) -> tuple[StatutoryMedium, ...]:
        """Copies in a folder, and a medium over HTTPS."""
        return folder, direct

    def others(papers: Typesetter, files: FileStore, check: FileScanner) -> tuple[Documents, ObjectStore, Scanner]:
        """One implementation each so far."""
        return papers, files, check
