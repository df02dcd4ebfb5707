using k8s.Models;

namespace MiniKube.ControllerManager.Discovery;

/// <summary>The labels that a service hands on to its endpoints and slices.</summary>
internal static class ServiceLabels
{
    private const string Headless = "service.kubernetes.io/headless";

    public static Dictionary<string, string> For(V1Service service, params ReadOnlySpan<(string Key, string Value)> own)
    {
        var labels = new Dictionary<string, string>(service.Metadata?.Labels ?? new Dictionary<string, string>());
        labels.Remove(Headless);
        if (ServicePods.IsHeadless(service))
        {
            labels[Headless] = "";
        }

        foreach (var (key, value) in own)
        {
            labels[key] = value;
        }

        return labels;
    }

    public static bool AreEqual(IDictionary<string, string>? x, Dictionary<string, string> y) =>
        x?.Count == y.Count && y.All(label => x.TryGetValue(label.Key, out var value) && value == label.Value);
}
