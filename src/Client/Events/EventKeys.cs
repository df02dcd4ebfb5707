using k8s.Models;

namespace MiniKube.Client.Events;

/// <summary>What makes two events alike, at three levels. '\0' stands in no field.</summary>
internal static class EventKeys
{
    /// <summary>The same object, told by the same source.</summary>
    public static string Spam(Corev1Event e) => string.Join(
        '\0',
        e.Source?.Component,
        e.Source?.Host,
        e.InvolvedObject?.Kind,
        e.InvolvedObject?.NamespaceProperty,
        e.InvolvedObject?.Name,
        e.InvolvedObject?.Uid,
        e.InvolvedObject?.ApiVersion);

    /// <summary>Also the same reason, with any message.</summary>
    public static string Aggregate(Corev1Event e) => string.Join('\0', Spam(e), e.Type, e.Reason, e.ReportingComponent, e.ReportingInstance);

    /// <summary>The same event again.</summary>
    public static string Same(Corev1Event e) => string.Join('\0', Aggregate(e), e.InvolvedObject?.FieldPath, e.Message);
}
