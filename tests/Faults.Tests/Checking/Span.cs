using System.Runtime.InteropServices;

namespace MiniKube.Faults.Tests.Checking;

/// <summary>From one moment to another, both since the beginning of a campaign.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Span(TimeSpan From, TimeSpan To)
{
    public TimeSpan Length => To - From;

    public bool Overlaps(Span other) => From < other.To && other.From < To;

    public override string ToString() => $"{From.TotalSeconds:0.0} s to {To.TotalSeconds:0.0} s";
}
