using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Core;

/// <summary>Upstream's defaults of a container.</summary>
internal static class ContainerDefaults
{
    public static void Apply(JsonObject container)
    {
        container.SetDefault("imagePullPolicy", PullPolicy(container.StringAt("image")));
        container.SetDefault("terminationMessagePath", "/dev/termination-log");
        container.SetDefault("terminationMessagePolicy", "File");
        AmountDefaults.OfRequirements(container.ObjectAt("resources"));
        foreach (var port in container.ObjectsAt("ports"))
        {
            port.SetDefault("protocol", "TCP");
        }

        foreach (var variable in container.ObjectsAt("env"))
        {
            variable.ObjectAt("valueFrom", "fieldRef")?.SetDefault("apiVersion", "v1");
            variable.ObjectAt("valueFrom", "fileKeyRef")?.SetDefault("optional", false);
        }

        foreach (var name in new[] { "livenessProbe", "readinessProbe", "startupProbe" })
        {
            ApplyToProbe(container.ObjectAt(name));
        }

        ApplyToHandler(container.ObjectAt("lifecycle", "postStart"));
        ApplyToHandler(container.ObjectAt("lifecycle", "preStop"));
    }

    /// <summary>An image whose tag may move is pulled each time.</summary>
    public static string PullPolicy(string? image) => HasFixedTag(image ?? "") ? "IfNotPresent" : "Always";

    private static bool HasFixedTag(string image)
    {
        if (image.Contains('@', StringComparison.Ordinal))
        {
            return true;
        }

        var name = image[(image.LastIndexOf('/') + 1)..];
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 && name[(colon + 1)..] != "latest";
    }

    private static void ApplyToProbe(JsonObject? probe)
    {
        if (probe is null)
        {
            return;
        }

        SetIfZero(probe, "timeoutSeconds", 1);
        SetIfZero(probe, "periodSeconds", 10);
        SetIfZero(probe, "successThreshold", 1);
        SetIfZero(probe, "failureThreshold", 3);
        ApplyToHandler(probe);
        probe.ObjectAt("grpc")?.SetDefault("service", "");
    }

    private static void ApplyToHandler(JsonObject? handler)
    {
        if (handler.ObjectAt("httpGet") is not { } get)
        {
            return;
        }

        if (string.IsNullOrEmpty(get.StringAt("path")))
        {
            get["path"] = "/";
        }

        if (string.IsNullOrEmpty(get.StringAt("scheme")))
        {
            get["scheme"] = "HTTP";
        }
    }

    private static void SetIfZero(JsonObject obj, string name, int value)
    {
        if (obj.IntegerAt(name) is null or 0)
        {
            obj[name] = value;
        }
    }
}
