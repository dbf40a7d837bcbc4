"""A notice that a target did not take."""


class DeliveryError(Exception):
    """The target did not take the notice.

    `reason` is a kind of fault or a status, such as `ConnectTimeout` or `HTTP 503`; never an address or a text.
    `is_final` means that trying again is pointless.
    """

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final
