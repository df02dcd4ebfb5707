using System.Buffers.Binary;

namespace MiniKube.Cluster.Hosts;

/// <summary>What runit says of a unit: its process (0 when it is down), since when it is so, and how often it was started again.</summary>
public sealed record UnitStatus(string Name, int ProcessId, DateTimeOffset Since, int Restarts)
{
    // TAI64 counts from 2^62 and is 10 s ahead of Unix time at its epoch: runit uses that constant.
    private const ulong TaiEpoch = 4611686018427387914UL;

    /// <summary>Reads runit's <c>supervise/status</c>: 8 bytes TAI64 seconds, 4 bytes nanoseconds (both big-endian), 4 bytes pid (little-endian), flags.</summary>
    public static UnitStatus Parse(string name, ReadOnlySpan<byte> status, int starts)
    {
        var seconds = BinaryPrimitives.ReadUInt64BigEndian(status) - TaiEpoch;
        var pid = (int)BinaryPrimitives.ReadUInt32LittleEndian(status[12..]);
        return new UnitStatus(name, pid, DateTimeOffset.FromUnixTimeSeconds((long)seconds), Math.Max(0, starts - 1));
    }

    /// <summary>The state of every unit of a host that is up.</summary>
    internal static IReadOnlyList<UnitStatus> ReadAll(Host host) => [.. Names(host).Select(unit => Read(host, unit))];

    internal static IReadOnlyList<string> Names(Host host) =>
        [.. Directory.EnumerateDirectories($"{host.Root}/run/service").Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    /// <summary>The state of one unit of a host that is up.</summary>
    internal static UnitStatus Read(Host host, string unit)
    {
        var starts = $"{host.Root}/run/mk/starts/{unit}";
        return Parse(
            unit,
            File.ReadAllBytes($"{host.Root}/run/service/{unit}/supervise/status"),
            File.Exists(starts) ? File.ReadLines(starts).Count() : 0);
    }
}
