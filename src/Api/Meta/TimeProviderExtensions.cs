namespace MiniKube.Api.Meta;

/// <summary>The present as the API writes it.</summary>
public static class TimeProviderExtensions
{
    /// <summary>As metav1.Time: UTC, whole seconds.</summary>
    public static DateTime GetKubernetesNow(this TimeProvider clock)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
    }

    /// <summary>
    /// As metav1.MicroTime: UTC, microseconds. Never a whole second: the package writes such a time without a fraction, and Go's clients do not read a MicroTime that has none.
    /// </summary>
    public static DateTime GetKubernetesMicroNow(this TimeProvider clock)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        return now.Ticks % TimeSpan.TicksPerSecond == 0 ? now.AddMicroseconds(1) : now;
    }
}
