using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Probes and lifecycle hooks of a container.</summary>
internal static class ProbeChecks
{
    private static readonly string[] ProbeHandlers = ["exec", "httpGet", "tcpSocket", "grpc"];
    private static readonly string[] HookHandlers = ["exec", "httpGet", "tcpSocket", "sleep"];

    public static IEnumerable<FieldError> OfContainer(string path, JsonObject container) =>
        Probe($"{path}.livenessProbe", container.ObjectAt("livenessProbe"), mustSucceedOnce: true)
        .Concat(Probe($"{path}.readinessProbe", container.ObjectAt("readinessProbe"), mustSucceedOnce: false))
        .Concat(Probe($"{path}.startupProbe", container.ObjectAt("startupProbe"), mustSucceedOnce: true))
        .Concat(OfReadiness(path, container))
        .Concat(Hook($"{path}.lifecycle.postStart", container.ObjectAt("lifecycle", "postStart")))
        .Concat(Hook($"{path}.lifecycle.preStop", container.ObjectAt("lifecycle", "preStop")));

    private static IEnumerable<FieldError> Hook(string path, JsonObject? hook) => hook is null ? [] : Handler(path, hook, HookHandlers);

    private static IEnumerable<FieldError> Probe(string path, JsonObject? probe, bool mustSucceedOnce)
    {
        if (probe is null)
        {
            yield break;
        }

        var errors = Handler(path, probe, ProbeHandlers).Concat(Checks.NotNegative(
            probe, path, "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"));
        foreach (var error in errors)
        {
            yield return error;
        }

        if (mustSucceedOnce && probe.IntegerAt("successThreshold") is { } threshold and not 1)
        {
            yield return FieldError.Invalid($"{path}.successThreshold", threshold, "must be 1");
        }

        if (probe.IntegerAt("terminationGracePeriodSeconds") is { } grace and <= 0)
        {
            yield return FieldError.Invalid($"{path}.terminationGracePeriodSeconds", grace, "must be greater than 0");
        }
    }

    // A container that is not ready is not killed.
    private static IEnumerable<FieldError> OfReadiness(string path, JsonObject container) =>
        container.IntegerAt("readinessProbe", "terminationGracePeriodSeconds") is { } grace
            ? [FieldError.Invalid($"{path}.readinessProbe.terminationGracePeriodSeconds", grace, "must not be set for readinessProbes")]
            : [];

    private static IEnumerable<FieldError> Handler(string path, JsonObject handler, string[] known)
    {
        var given = known.Where(name => handler[name] is not null).ToList();
        if (given.Count == 0)
        {
            yield return FieldError.Required(path, "must specify a handler type");
        }

        foreach (var (index, name) in given.Index())
        {
            if (index > 0)
            {
                yield return FieldError.Forbidden($"{path}.{name}", "may not specify more than 1 handler type");
                continue;
            }

            foreach (var error in Action($"{path}.{name}", name, handler.ObjectAt(name) ?? []))
            {
                yield return error;
            }
        }
    }

    private static IEnumerable<FieldError> Action(string path, string name, JsonObject action) => name switch
    {
        "exec" => action["command"] is JsonArray { Count: > 0 } ? [] : [FieldError.Required($"{path}.command")],
        "httpGet" => HttpGet(path, action),
        "tcpSocket" => Checks.PortNumberOrName($"{path}.port", action["port"]),
        "grpc" => Checks.PortNumber($"{path}.port", action.IntegerAt("port") ?? 0),
        _ => [],
    };

    private static IEnumerable<FieldError> HttpGet(string path, JsonObject get) =>
        (string.IsNullOrEmpty(get.StringAt("path")) ? [FieldError.Required($"{path}.path")] : Array.Empty<FieldError>())
        .Concat(Checks.PortNumberOrName($"{path}.port", get["port"]))
        .Concat(Checks.OneOf($"{path}.scheme", get.StringAt("scheme"), "HTTP", "HTTPS"))
        .Concat(get.ObjectsAt("httpHeaders").SelectMany((header, i) =>
            Checks.Named($"{path}.httpHeaders[{i}].name", header.StringAt("name") ?? "", Names.HttpHeaderName)));
}
