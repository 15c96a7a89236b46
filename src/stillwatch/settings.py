"""Deployment settings, read from `STILLWATCH_*` environment variables."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PUBLIC_DEVELOPMENT_KEY = "stillwatch-public-development-key"


class Settings(BaseSettings):
    """What a deployment sets once; every command reads the same values."""

    model_config = SettingsConfigDict(env_prefix="STILLWATCH_", extra="ignore")

    hash_key: SecretStr = Field(
        default=SecretStr(PUBLIC_DEVELOPMENT_KEY),
        description="Key of every hash kept of text. Keep it secret and constant; hashes made "
        "under two keys never match.",
    )
    threads: int = Field(default=0, ge=0, description="Worker threads; 0 means all cores.")
    memory_limit: str = Field(
        default="1GB",
        pattern=r"(?i)^\s*\d+(\.\d+)?\s*([KMGT](i?B)?|%)\s*$",
        description="Memory the engine may use before it spills to disk.",
    )
    temporary_directory: Path | None = Field(
        default=None, description="Where the engine spills; by default beside the output."
    )

    @property
    def uses_public_key(self) -> bool:
        """Whether hashes are made under the public development key (fine for trials only)."""
        return self.hash_key.get_secret_value() == PUBLIC_DEVELOPMENT_KEY
