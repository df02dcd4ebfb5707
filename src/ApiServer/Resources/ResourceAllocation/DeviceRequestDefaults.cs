using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.ResourceAllocation;

/// <summary>What requests for devices leave out.</summary>
internal static class DeviceRequestDefaults
{
    /// <param name="spec">The spec of a claim.</param>
    public static void Apply(JsonObject? spec)
    {
        foreach (var request in spec.ObjectsAt("devices", "requests"))
        {
            if (request.ObjectAt("exactly") is { } exactly)
            {
                ApplyToRequest(exactly);
            }

            foreach (var alternative in request.ObjectsAt("firstAvailable"))
            {
                ApplyToRequest(alternative);
            }
        }
    }

    private static void ApplyToRequest(JsonObject request)
    {
        request.SetDefault("allocationMode", "ExactCount");
        if (request.StringAt("allocationMode") == "ExactCount")
        {
            request.SetDefault("count", 1);
        }

        foreach (var toleration in request.ObjectsAt("tolerations"))
        {
            toleration.SetDefault("operator", "Equal");
        }
    }
}
