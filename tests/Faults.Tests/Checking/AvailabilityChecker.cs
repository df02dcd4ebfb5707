namespace MiniKube.Faults.Tests.Checking;

/// <summary>
/// Whether a server was unavailable no longer than it may: as long as its store was at that time, and a second for what leads up to it and what follows. A member
/// of the store that falls silent without a word (paused, or cut off) has to be found out first, which may cost three seconds.
/// </summary>
internal static class AvailabilityChecker
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    /// <param name="server">Which one.</param>
    /// <param name="outages">When it took no write.</param>
    /// <param name="storeOutages">When the store itself took none.</param>
    /// <param name="faults">What happened to the server's world.</param>
    /// <param name="slowness">How many times slower than an idle machine this one may be.</param>
    /// <returns>What is wrong, one line an outage; empty if nothing is.</returns>
    public static IReadOnlyList<string> Check(
        string server, IEnumerable<Span> outages, IReadOnlyList<Span> storeOutages, IReadOnlyList<FaultTime> faults, double slowness)
    {
        var wrong = new List<string>();
        foreach (var outage in outages)
        {
            var world = new Span(outage.From - Second, outage.To + Second);
            var during = faults.Where(fault => fault.Time.Overlaps(world)).ToList();
            var store = storeOutages.Where(world.Overlaps).Aggregate(TimeSpan.Zero, (sum, each) => sum + each.Length);
            var allowed = store + (slowness * (during.Exists(fault => fault.IsSilent) ? Silence : Second));
            if (outage.Length > allowed && !during.Exists(fault => fault.Server == server))
            {
                wrong.Add($"{server} took no write from {outage} ({outage.Length.TotalSeconds:0.0} s); allowed are {allowed.TotalSeconds:0.0} s");
            }
        }

        return wrong;
    }
}
