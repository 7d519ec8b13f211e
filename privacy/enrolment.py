"""The file by which a further desk joins a venue: the secrets that its desks share, under a passphrase.

It holds no signing key: each desk draws its own. The journal lets it be used once.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Final

from privacy import passphrase_files
from privacy.counter_secrets import CounterSecrets
from privacy.errors import EnrolmentFileError, SealedDataError
from privacy.passphrases import DEFAULT_COST, Argon2Cost

_MAGIC: Final = b"mingjia desk enrolment 1\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class Enrolment:
    """What a desk needs to join: its name, where the records lie, who may open registrations, what desks share."""

    desk: str
    url: str
    schema: str
    recipients: str  # recipients.json as the founding desk has it
    counter_secrets: CounterSecrets = field(repr=False)

    def sealed(self, passphrase: str, *, cost: Argon2Cost = DEFAULT_COST) -> bytes:
        """Return the file's bytes. Raises PassphraseEmptyError."""
        told = {
            "desk": self.desk,
            "url": self.url,
            "schema": self.schema,
            "recipients": self.recipients,
            # Drawn anew, so that no desk's signing key leaves it.
            "secrets": base64.b64encode(self.counter_secrets.for_another_desk().to_bytes()).decode(),
        }
        return passphrase_files.seal(json.dumps(told).encode(), passphrase, magic=_MAGIC, cost=cost)

    @classmethod
    def opened(cls, file: bytes, passphrase: str) -> Enrolment:
        """Read a file. Raises EnrolmentFileError for another file, a wrong passphrase or an altered one."""
        try:
            told = json.loads(passphrase_files.unseal(file, passphrase, magic=_MAGIC))
            secrets = CounterSecrets.from_bytes(base64.b64decode(told.pop("secrets"), validate=True))
            # The desk's own signing keys are drawn where they stay.
            return cls(**told, counter_secrets=secrets.for_another_desk())
        except SealedDataError as error:
            raise EnrolmentFileError(problem="passphrase") from error
        except (ValueError, KeyError, TypeError):
            # The cause is left out, as everywhere near a secret.
            raise EnrolmentFileError(problem="form") from None
