using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>One container of a pod.</summary>
internal static class ContainerChecks
{
    private static readonly string[] OfRunning = ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"];

    public static IEnumerable<FieldError> Validate(string path, JsonObject container, JsonObject spec, HashSet<string> volumes, bool isInit)
    {
        var isSidecar = isInit && container.StringAt("restartPolicy") == "Always";
        return Checks.RequiredName($"{path}.name", container.StringAt("name"), Names.DnsLabel)
            .Concat(Image($"{path}.image", container.StringAt("image")))
            .Concat(Policies(path, container))
            .Concat(container.ObjectsAt("ports").SelectMany((port, i) => Port($"{path}.ports[{i}]", port, spec.BooleanAt("hostNetwork") == true)))
            .Concat(DuplicatePortNames(path, container))
            .Concat(container.ObjectsAt("env").SelectMany((variable, i) => EnvironmentChecks.Variable($"{path}.env[{i}]", variable)))
            .Concat(container.ObjectsAt("envFrom").SelectMany((source, i) => EnvironmentChecks.Source($"{path}.envFrom[{i}]", source)))
            .Concat(VolumeChecks.Mounts($"{path}.volumeMounts", container, volumes))
            .Concat(ResourceChecks.Validate($"{path}.resources", container.ObjectAt("resources")))
            .Concat(SecurityContextChecks.OfContainer($"{path}.securityContext", container))
            .Concat(isInit && !isSidecar ? NothingThatRuns(path, container) : ProbeChecks.OfContainer(path, container));
    }

    private static IEnumerable<FieldError> Image(string path, string? image)
    {
        if (string.IsNullOrEmpty(image))
        {
            yield return FieldError.Required(path);
        }
        else if (image.Trim() != image)
        {
            yield return FieldError.Invalid(path, image, "must not have leading or trailing whitespace");
        }
    }

    private static IEnumerable<FieldError> Policies(string path, JsonObject container) => Checks
        .OneOf($"{path}.imagePullPolicy", container.StringAt("imagePullPolicy"), "Always", "IfNotPresent", "Never")
        .Concat(Checks.OptionalOneOf($"{path}.terminationMessagePolicy", container.StringAt("terminationMessagePolicy"), "File", "FallbackToLogsOnError"));

    private static IEnumerable<FieldError> Port(string path, JsonObject port, bool isOnHostNetwork)
    {
        var errors = Checks.OptionalName($"{path}.name", port.StringAt("name"), Names.PortName);
        var number = port.IntegerAt("containerPort") ?? 0;
        errors = errors.Concat(number == 0 ? [FieldError.Required($"{path}.containerPort")] : Checks.PortNumber($"{path}.containerPort", number));
        if (port.IntegerAt("hostPort") is { } host and not 0)
        {
            errors = errors.Concat(Checks.PortNumber($"{path}.hostPort", host));
        }

        if (isOnHostNetwork && (port.IntegerAt("hostPort") ?? 0) != number)
        {
            errors = errors.Append(FieldError.Invalid($"{path}.containerPort", number, "must match `hostPort` when `hostNetwork` is true"));
        }

        return errors.Concat(Checks.OneOf($"{path}.protocol", port.StringAt("protocol"), "TCP", "UDP", "SCTP"));
    }

    private static IEnumerable<FieldError> DuplicatePortNames(string path, JsonObject container)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return container.ObjectsAt("ports").Index()
            .Where(port => port.Item.StringAt("name") is { Length: > 0 } name && !seen.Add(name))
            .Select(port => FieldError.Duplicate($"{path}.ports[{port.Index}].name", port.Item.StringAt("name")));
    }

    // An init container that ends has nothing to be probed.
    private static IEnumerable<FieldError> NothingThatRuns(string path, JsonObject container) =>
        from field in OfRunning
        where container[field] is not null
        select FieldError.Forbidden($"{path}.{field}", "may not be set for init containers without restartPolicy=Always");
}
