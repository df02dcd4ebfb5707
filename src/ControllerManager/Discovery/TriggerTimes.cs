using System.Collections.Concurrent;
using System.Globalization;

using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Discovery;

/// <summary>
/// When the change happened that the endpoints of a service are written for: the oldest one not told yet. The proxy measures from it how long programming the network took.
/// </summary>
internal sealed class TriggerTimes
{
    public const string Annotation = "endpoints.kubernetes.io/last-change-trigger-time";

    private readonly ConcurrentDictionary<NamespacedName, Dictionary<string, DateTime>> _told = new();

    /// <returns>null when nothing is newer than what was told.</returns>
    public DateTime? Next(NamespacedName service, DateTime? created, IEnumerable<V1Pod> pods)
    {
        var before = _told.GetValueOrDefault(service) ?? [];
        var now = new Dictionary<string, DateTime>();
        foreach (var (name, time) in pods.Select(pod => (pod.Metadata?.Uid ?? "", pod.Condition("Ready")?.LastTransitionTime)).Append(("service", created)))
        {
            if (time is { } known)
            {
                now[name] = known;
            }
        }

        _told[service] = now;
        return now
            .Where(trigger => !before.TryGetValue(trigger.Key, out var time) || trigger.Value > time)
            .Select(trigger => (DateTime?)trigger.Value)
            .Min();
    }

    public void Forget(NamespacedName service) => _told.TryRemove(service, out _);

    public static string Format(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
