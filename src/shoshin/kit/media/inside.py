"""The part that looks at a file from outside: its own process, with nothing to lose and nothing to reach.

Run as a script by `checking.py`, with an empty environment: standard input is the file, standard output its verdict,
and descriptor 3 where the new file goes. It gives up what it could harm with before the first byte is read: time,
memory, size of files, other processes, the network where the system allows, and every file and socket that is not
open yet. It imports nothing of ours, so that a parser taken over finds nothing of ours.
"""

import ctypes
import errno
import importlib
import json
import os
import pkgutil
import resource
import sys

CODECS = {
    "matroska": ("webm", {"opus", "vorbis"}, {"vp8", "vp9"}),
    "mp4": ("mp4", {"aac", "opus"}, {"h264", "vp9"}),
    "ogg": ("ogg", {"opus", "vorbis"}, set()),
    "mp3": ("webm", {"mp3", "mp3float"}, set()),
    "wav": ("wav", {"pcm_s16le", "pcm_s24le", "pcm_f32le", "pcm_u8"}, set()),
}
ANEW = {"mp3": ("libopus", 48_000)}  # a file without walls between its parts: said again in a codec of ours
SINK = 3
NO_NEW_PRIVILEGES = 38
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000


class NotWanted(Exception):
    """What the verdict says instead."""


def give_up_network() -> None:
    """No new privileges, and a network of one's own with nobody in it, where the system allows it."""
    try:
        system = ctypes.CDLL(None, use_errno=True)
        system.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        system.unshare(NEW_USER | NEW_NETWORK)
    except (OSError, AttributeError):
        return


def give_up_resources(limits: dict[str, int]) -> None:
    """So much time, memory and disk, no process beside this one, and no trace of memory left behind."""
    _limit(resource.RLIMIT_CPU, limits["cpu"])
    _limit(resource.RLIMIT_AS, limits["memory"])
    _limit(resource.RLIMIT_FSIZE, limits["size"])
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NPROC, 0)


def give_up_files() -> None:
    """From here on no file and no socket opens: there is no number left for it."""
    _limit(resource.RLIMIT_NOFILE, SINK + 1)


def _limit(what: int, to: int) -> None:
    hard = resource.getrlimit(what)[1]
    to = to if hard == resource.RLIM_INFINITY else min(to, hard)
    resource.setrlimit(what, (to, to))


def rewrite(av, kind: str, longest: float) -> dict:
    """Copy the sound, and the picture if there is one, into a new file that knows how long it is."""
    target, sounds, pictures = CODECS[kind]
    source, sink = os.fdopen(0, "rb", closefd=False), os.fdopen(SINK, "w+b", closefd=False)
    with av.open(source, format=kind, options={"protocol_whitelist": "none"}) as given:
        kept = [*given.streams.audio, *given.streams.video]
        if len(given.streams.audio) != 1 or len(given.streams.video) > 1:
            raise NotWanted("wrong_type")
        for stream in kept:
            if stream.codec_context.name.removeprefix("lib") not in (sounds if stream.type == "audio" else pictures):
                raise NotWanted("wrong_type")
        with av.open(sink, "w", format=target) as made:
            seconds = say_again(given, made, kind, longest) if kind in ANEW else copy(given, made, kept, longest)
    sink.flush()
    return {"seconds": round(seconds, 3), "video": len(kept) > 1, "format": target}


def copy(given, made, kept, longest: float) -> float:
    """Every packet as it is; what was written beside the streams, such as where and with what, stays behind."""
    into = {stream.index: made.add_stream_from_template(stream) for stream in kept}
    for stream in into.values():
        stream.metadata.clear()
    first, last = None, 0.0
    for packet in given.demux(kept):
        if packet.dts is None or packet.pts is None:
            continue
        begins = float(packet.pts * packet.time_base)
        first = begins if first is None else min(first, begins)
        last = max(last, begins + float((packet.duration or 0) * packet.time_base))
        if last - first > longest:
            raise NotWanted("too_long")
        packet.stream = into[packet.stream.index]
        made.mux(packet)
    if first is None or last <= first:
        raise NotWanted("broken")
    return last - first


def say_again(given, made, kind: str, longest: float) -> float:
    """The sound decoded and encoded anew, so that nothing of the file itself remains."""
    codec, rate = ANEW[kind]
    av, sound, samples = sys.modules["av"], made.add_stream(codec, rate=rate, layout="mono"), 0
    resampler = av.AudioResampler(format="s16", layout="mono", rate=rate)
    for frame in heard(given, av.InvalidDataError):
        for piece in resampler.resample(frame):
            piece.pts, samples = samples, samples + piece.samples
            if samples > longest * rate:
                raise NotWanted("too_long")
            made.mux(sound.encode(piece))
    made.mux(sound.encode(None))
    if samples == 0:
        raise NotWanted("broken")
    return samples / rate


def heard(given, unheard):
    """The sound, piece by piece. What stands between and is none is passed over."""
    for packet in given.demux(given.streams.audio[0]):
        try:
            yield from packet.decode()
        except unheard:
            continue


def reader():
    """The library that reads recordings, with all that it would otherwise fetch later; None where it is missing."""
    try:
        import av
    except ImportError:
        return None
    for module in pkgutil.walk_packages(av.__path__, "av."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    av.logging.set_level(av.logging.PANIC)
    return av


def verdict_on(kind: str, limits: dict) -> dict:
    """The facts of the new file, or the one word that says why there is none."""
    give_up_network()
    av = reader()
    if av is None:
        return {"refused": "no_checker"}
    give_up_resources(limits)
    give_up_files()
    try:
        return rewrite(av, kind, limits["seconds"])
    except NotWanted as refusal:
        return {"refused": str(refusal)}
    except (MemoryError, OSError) as problem:
        return {"refused": "too_much" if isinstance(problem, MemoryError) or problem.errno == errno.EFBIG else "broken"}
    except Exception:
        return {"refused": "broken"}


if __name__ == "__main__":
    folder, of_kind, given_limits = sys.argv[1:4]
    sys.path.append(folder)
    os.write(1, json.dumps(verdict_on(of_kind, json.loads(given_limits))).encode())
