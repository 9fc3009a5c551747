"""What a tune's id looks like in an address; anything else is no page of ours."""


class TuneId:
    regex = "[A-Za-z0-9_-]{22}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
