namespace MiniKube.Kubelet.Status;

/// <summary>Times as the API writes them: whole seconds, UTC.</summary>
internal static class ApiTime
{
    public static DateTime Truncate(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
}
