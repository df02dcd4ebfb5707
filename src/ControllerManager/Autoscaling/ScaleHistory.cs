using k8s.Models;

namespace MiniKube.ControllerManager.Autoscaling;

/// <summary>What was recommended and done for one autoscaler of late: stabilization and the policies of its behavior look back on it.</summary>
/// <param name="downWindow">For how long a lower recommendation must hold, where a behavior does not say.</param>
internal sealed class ScaleHistory(TimeSpan downWindow)
{
    private readonly List<(DateTime Time, int Replicas)> _recommendations = [];
    private readonly List<(DateTime Time, int Change)> _changes = [];

    /// <returns>The recommendation, held back by those of the stabilization windows, with the reason of the condition AbleToScale.</returns>
    public (int Replicas, string Reason, string Message) Stabilize(V2HorizontalPodAutoscalerBehavior? behavior, int current, int recommended, DateTime now)
    {
        var (up, down) = (behavior?.ScaleUp?.StabilizationWindowSeconds ?? 0, behavior?.ScaleDown?.StabilizationWindowSeconds ?? (int)downWindow.TotalSeconds);
        _recommendations.Add((now, recommended));
        _recommendations.RemoveAll(entry => entry.Time <= now.AddSeconds(-Math.Max(up, down)) && entry.Time < now);
        var least = Since(now.AddSeconds(-up)).Append(recommended).Min();
        var most = Since(now.AddSeconds(-down)).Append(recommended).Max();
        // More only when it was wanted all the while, fewer likewise.
        if (current < least)
        {
            return least == recommended ? Ready(recommended) : (least, "ScaleUpStabilized", "recent recommendations were lower than current one, applying the lowest recent recommendation");
        }

        var stable = Math.Min(current, most);
        return stable == recommended ? Ready(recommended)
            : stable > recommended ? (stable, "ScaleDownStabilized", "recent recommendations were higher than current one, applying the highest recent recommendation")
            : (stable, "ScaleUpStabilized", "recent recommendations were lower than current one, applying the lowest recent recommendation");
    }

    public void Changed(int before, int after, DateTime now)
    {
        _changes.Add((now, after - before));
        _changes.RemoveAll(entry => entry.Time < now.AddMinutes(-60));
    }

    /// <summary>How many replicas were added within a time.</summary>
    public int Added(int seconds, DateTime now) => _changes.Where(entry => entry.Time > now.AddSeconds(-seconds) && entry.Change > 0).Sum(entry => entry.Change);

    /// <summary>How many replicas were taken away within a time.</summary>
    public int Removed(int seconds, DateTime now) => -_changes.Where(entry => entry.Time > now.AddSeconds(-seconds) && entry.Change < 0).Sum(entry => entry.Change);

    private IEnumerable<int> Since(DateTime time) => _recommendations.Where(entry => entry.Time > time).Select(entry => entry.Replicas);

    private static (int, string, string) Ready(int replicas) => (replicas, "ReadyForNewScale", "recommended size matches current size");
}
