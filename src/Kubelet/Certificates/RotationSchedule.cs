namespace MiniKube.Kubelet.Certificates;

/// <summary>When a certificate is to be replaced.</summary>
internal static class RotationSchedule
{
    // Upstream's: somewhere between 70 and 90 percent of its life, so that nodes that joined together do not all ask at once.
    private const double Earliest = 0.7;
    private const double Spread = 0.2;

    public static DateTimeOffset Deadline(DateTimeOffset start, DateTimeOffset end, Random random) =>
        start + ((end - start) * (Earliest + (Spread * random.NextDouble())));
}
