namespace MiniKube.ControllerManager.Autoscaling;

/// <summary>How much of a resource a pod used.</summary>
/// <param name="Milli">In thousandths: of a core, or of a byte.</param>
/// <param name="Timestamp">The end of the time that was measured.</param>
/// <param name="Window">How long that was.</param>
internal sealed record PodUsage(long Milli, DateTime Timestamp, TimeSpan Window);
