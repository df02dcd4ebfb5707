using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Ports that more than one container of a pod says it has.</summary>
internal static class PortWarnings
{
    public static IEnumerable<string> Of(IEnumerable<(string Path, JsonObject Container)> containers)
    {
        var all = new Dictionary<(long?, string?), List<(string Path, JsonObject Port)>>();
        foreach (var (path, container) in containers)
        {
            foreach (var (index, port) in container.ObjectsAt("ports").Index())
            {
                var at = $"{path}.ports[{index}]";
                if (port.StringAt("hostIP") is { Length: > 0 } address && port.IntegerAt("hostPort") is null or 0)
                {
                    yield return $"{at}: hostIP set without hostPort: {{Name:{port.StringAt("name")} HostPort:0 ContainerPort:{port.IntegerAt("containerPort")} "
                        + $"Protocol:{port.StringAt("protocol")} HostIP:{address}}}";
                }

                var key = (port.IntegerAt("containerPort"), port.StringAt("protocol"));
                if (!all.TryGetValue(key, out var others))
                {
                    all[key] = others = [];
                }

                foreach (var other in others)
                {
                    if (Conflict(port, other.Port) is { } what)
                    {
                        yield return $"{at}: {what} with {other.Path}";
                    }
                }

                others.Add((at, port));
            }
        }
    }

    private static string? Conflict(JsonObject port, JsonObject other)
    {
        var (address, otherAddress) = (port.StringAt("hostIP") ?? "", other.StringAt("hostIP") ?? "");
        var (number, otherNumber) = (port.IntegerAt("hostPort") ?? 0, other.IntegerAt("hostPort") ?? 0);
        return address == otherAddress && number == otherNumber ? "duplicate port definition"
            : number == 0 || otherNumber == 0 ? "overlapping port definition"
            : number == otherNumber && (address.Length == 0) != (otherAddress.Length == 0) ? "dangerously ambiguous port definition"
            : null;
    }
}
