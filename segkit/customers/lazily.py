"""Attributes that are computed when they are first asked for, and kept."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Value = TypeVar("Value")


class lazily(Generic[Value]):
    """Compute an attribute once an instance.

    `functools.cached_property` of Python 3.11 holds one lock for all instances of a class, so that threads
    that work on different columns wait for each other. Two threads that ask the same instance at once may
    both compute here, which does no harm.

    Examples
    --------
    >>> class Column:
    ...     @lazily
    ...     def size(self):
    ...         print("counting")
    ...         return 3
    >>> column = Column()
    >>> column.size + column.size
    counting
    6
    """

    def __init__(self, compute: Callable[[Any], Value]) -> None:
        self.compute = compute
        self.name = compute.__name__
        self.__doc__ = compute.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> "lazily[Value]": ...

    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...

    def __get__(self, instance: object | None, owner: type) -> "lazily[Value] | Value":
        if instance is None:
            return self
        value = self.compute(instance)
        instance.__dict__[self.name] = value
        return value
