using k8s.Models;

namespace MiniKube.Client.Events;

/// <summary>An event to write: as new, or as a count on the stored one.</summary>
internal sealed record CorrelatedEvent(string Key, Corev1Event Event, bool IsRepeated);
