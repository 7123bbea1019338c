"""What a device can do at best: the roofline, and the time that it leaves for a computation.

    time ≥ launch + max(operations / peak, bytes / bandwidth)          on the device
    time ≥ the same + bytes in / bus + bytes out / bus + 2 · launch    with transfer there and back

Every number is a limit, not a measurement: `peak` and `bandwidth` of the CARDS are what their makers print. `launch`, what
it costs to order anything at all, no data sheet has; 10 µs is our assumption, of the size that CUDA programs see.

Source: Williams, Waterman and Patterson, Roofline: an insightful visual performance model, CACM 52 (2009).
"""

from dataclasses import dataclass

from course_lib.checks import number, whole

BYTES = {"float32": 4, "float64": 8}
BATCH = 32


@dataclass(frozen=True)
class Device:
    """name; peak in float32 operations a second; bandwidth of its own memory and of the bus to it (each way), bytes a
    second; double, how many times slower float64 is; launch, seconds to order one thing; source of the numbers.
    """

    name: str
    peak: float
    bandwidth: float
    bus: float
    double: float
    launch: float = 10e-6
    source: str = ""

    def __post_init__(self):
        for what in ("peak", "bandwidth", "bus", "double"):
            if not number(getattr(self, what), what) > 0:
                raise ValueError(f"{what} of {self.name} is {getattr(self, what)}; a device has some of it, more than 0")
        if number(self.launch, "launch") < 0:
            raise ValueError(f"launch of {self.name} is {self.launch}; it is a time in seconds, 0 or more")

    def best(self, intensity, dtype="float32"):
        """Operations a second at most, at `intensity` operations a byte: the roof, min(peak, intensity · bandwidth).

        >>> CARDS["T4"].best(1) / 1e9, CARDS["T4"].best(1000) / 1e9
        (320.0, 8100.0)
        """
        return min(self.peak_of(dtype), intensity * self.bandwidth)

    def peak_of(self, dtype):
        return self.peak / (self.double if _known(dtype, BYTES, "dtype") == "float64" else 1)

    def ridge(self, dtype="float32"):
        """The intensity from which on computing, not memory, is the limit: peak / bandwidth, operations a byte."""
        return self.peak_of(dtype) / self.bandwidth

    def seconds(self, operation, n, dtype="float32", *, transfer=False):
        """The least time that `operation` of size n can take.

        >>> round(CARDS["T4"].seconds("product", 1024) * 1e6)            # 2 · 1024³ / 8.1e12 s, and 10 µs
        275
        """
        w = work(operation, n, dtype)
        time = self.launch + max(w.operations / self.peak_of(dtype), w.bytes / self.bandwidth)
        return time + (2 * self.launch + (w.bytes_in + w.bytes_out) / self.bus if transfer else 0)


@dataclass(frozen=True)
class Work:
    """operations (a multiplication or an addition each), bytes read and written, and what of them must travel."""

    operations: int
    bytes: int
    bytes_in: int
    bytes_out: int

    @property
    def intensity(self):
        """Operations for each byte that is read or written."""
        return self.operations / self.bytes


def work(operation, n, dtype="float32"):
    """What an operation of size n asks for, when each number is read and written once.

    product   (n, n) @ (n, n)              2n³ operations, 3n² numbers
    vector    (n, n) @ (n,)                2n², n² + 2n
    relu      max(0, A), A is (n, n)       n², 2n²
    layer     (32, n) @ (n, n), weights W stay on the device: a dense layer on a minibatch of 32

    >>> work("product", 600).intensity, work("relu", 600).intensity
    (100.0, 0.125)
    """
    n, size = whole(n, "n"), BYTES[_known(dtype, BYTES, "dtype")]
    operations, read, written, stays = {
        "product": (2 * n**3, 2 * n * n, n * n, 0),
        "vector": (2 * n * n, n * n + n, n, 0),
        "relu": (n * n, n * n, n * n, 0),
        "layer": (2 * BATCH * n * n, BATCH * n + n * n, BATCH * n, n * n),
    }[_known(operation, OPERATIONS, "operation")]
    return Work(operations, size * (read + written), size * (read - stays), size * written)


OPERATIONS = {
    "product": "matrix product, n × n",
    "vector": "matrix times vector, n × n",
    "relu": "ReLU of n × n numbers",
    "layer": f"dense layer, n units, batch {BATCH}",
}


def _known(name, names, what):
    if name not in names:
        raise ValueError(f"{what} is {name!r}; it is one of {', '.join(names)}")
    return name


# From the makers' data sheets. A bus is printed as the sum of both ways; here it is half of that, each way. float32 is the
# ordinary one, not TF32 or another format of the tensor cores. A real program reaches a good part of it, never all.
_NVIDIA = "NVIDIA, "
CARDS = {
    "T4": Device(
        "NVIDIA T4 (2018)", 8.1e12, 320e9, 16e9, 32,
        source=_NVIDIA + "T4 data sheet and product brief: 8.1 TFLOPS single precision, up to 320 GB/s, PCIe 3.0 ×16 32 GB/s; "
        "float64 at 1/32 (Turing architecture white paper)",
    ),
    "A100": Device(
        "NVIDIA A100 80 GB PCIe (2021)", 19.5e12, 1935e9, 32e9, 19.5 / 9.7,
        source=_NVIDIA + "A100 data sheet: FP32 19.5 TFLOPS, FP64 9.7 TFLOPS, 1935 GB/s, PCIe 4.0 64 GB/s",
    ),
    "RTX 4090": Device(
        "NVIDIA GeForce RTX 4090 (2022)", 82.6e12, 1008e9, 32e9, 64,
        source=_NVIDIA + "Ada GPU architecture white paper: FP32 82.6 TFLOPS, FP64 at 1/64, 1008 GB/s; PCIe 4.0 ×16 64 GB/s",
    ),
    "H200": Device(
        "NVIDIA H200 SXM (2024)", 67e12, 4800e9, 64e9, 67 / 34,
        source=_NVIDIA + "H200 data sheet: FP32 67 TFLOPS, FP64 34 TFLOPS, 4.8 TB/s, PCIe 5.0 128 GB/s",
    ),
}  # fmt: skip
