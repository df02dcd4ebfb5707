using System.Globalization;

namespace MiniKube.Kubelet.Pods;

/// <summary>Durations as Go prints them, since events and messages carry them: <c>10s</c>, <c>2m40s</c>, <c>1.5s</c>, <c>350ms</c>.</summary>
internal static class GoDuration
{
    public static string Format(TimeSpan duration)
    {
        if (duration < TimeSpan.FromSeconds(1))
        {
            return duration == TimeSpan.Zero ? "0s" : string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0.###}ms");
        }

        var hours = (long)duration.TotalHours;
        var text = hours > 0 ? $"{hours}h" : "";
        text += hours > 0 || duration.Minutes > 0 ? $"{duration.Minutes}m" : "";
        var seconds = duration.TotalSeconds % 60;
        return text + string.Create(CultureInfo.InvariantCulture, $"{seconds:0.###}s");
    }
}
