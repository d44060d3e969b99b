from __future__ import annotations

import enum
import os
import secrets
import time
import uuid
from datetime import date, datetime, timezone
from typing import Any, List, Optional

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    Table,
    Text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, relationship
from sqlalchemy.schema import FetchedValue
from sqlalchemy.types import TypeDecorator

try:
    from sqlalchemy.orm import DeclarativeBase, mapped_column

    class Base(DeclarativeBase):
        """What all classes have in common."""

except ImportError:  # SQLAlchemy 1.4
    from sqlalchemy.orm import declarative_base

    mapped_column = Column  # type: ignore
    Base = declarative_base()  # type: ignore


def new_uuid() -> uuid.UUID:
    """A new key: a UUID of version 7, which begins with the time."""
    milliseconds = time.time_ns() // 1_000_000
    number = (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80)
    number = number & ~(0xF << 76) | 7 << 76
    return uuid.UUID(int=number & ~(3 << 62) | 2 << 62)


class Uuid(TypeDecorator):
    """A key that its writer gives; text in lower case on SQLite."""

    impl = String(36)
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        on_postgresql = postgresql.UUID(as_uuid=True)
        return dialect.type_descriptor(on_postgresql if dialect.name == "postgresql" else String(36))

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        if value is None:
            return None
        key = value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))
        return key if dialect.name == "postgresql" else str(key)

    def process_result_value(self, value: Any, dialect: Any) -> Optional[uuid.UUID]:
        return value if value is None or isinstance(value, uuid.UUID) else uuid.UUID(value)


class Instant(TypeDecorator):
    """A point in time to the millisecond. Values must name their time zone; those that are read are in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        on_postgresql = postgresql.TIMESTAMP(timezone=True, precision=3)
        return dialect.type_descriptor(on_postgresql if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: Optional[datetime], dialect: Any) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone: give one, such as datetime.now(timezone.utc)")
        in_utc = value.astimezone(timezone.utc)
        return in_utc if dialect.name == "postgresql" else in_utc.replace(tzinfo=None).isoformat(" ", "milliseconds")

    def process_result_value(self, value: Any, dialect: Any) -> Optional[datetime]:
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(timezone.utc)
        return datetime.fromisoformat(value).replace(tzinfo=timezone.utc)


def enum_of(members: Any, name: str) -> Enum:
    """An enumeration by its values, not by the names of its members."""
    return Enum(members, name=name, values_callable=lambda these: [each.value for each in these])


Json = JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
