using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Which group version an APIService stands for, and who serves it.</summary>
internal static class ApiServiceChecks
{
    public static void Validate(Field service)
    {
        var spec = service["spec"];
        var wanted = $"{spec["version"].Text}.{spec["group"].Text}";
        if (service["metadata"]["name"] is var name && name.Text != wanted && !Names.PathSegment(name.Text).Any())
        {
            name.Invalid($"must be `spec.version+\".\"+spec.group`: {GoText.Quote(wanted)}");
        }

        if (spec["group"].Text.Length == 0 && spec["version"].Text != "v1")
        {
            spec["group"].Required("only v1 may have an empty group and it better be legacy kube");
        }

        spec["group"].OptionalName(Names.DnsSubdomain);
        spec["version"].Name(Names.Dns1035Label);
        Priority(spec["groupPriorityMinimum"], 20_000);
        Priority(spec["versionPriority"], 1000);
        if (spec["service"].IsSet)
        {
            Remote(spec);
        }
        else
        {
            Local(spec);
        }
    }

    private static void Priority(Field priority, int most)
    {
        if (priority.Number is null or <= 0 || priority.Number > most)
        {
            priority.InvalidValue(priority.Number ?? 0, $"must be positive and less than {most}");
        }
    }

    private static void Local(Field spec)
    {
        if (spec["caBundle"].Text is { Length: > 0 } bundle)
        {
            spec["caBundle"].InvalidValue($"{Convert.FromBase64String(bundle).Length} bytes", "local APIServices may not have a caBundle");
        }

        if (spec["insecureSkipTLSVerify"].IsTrue)
        {
            spec["insecureSkipTLSVerify"].Invalid("local APIServices may not have insecureSkipTLSVerify");
        }
    }

    private static void Remote(Field spec)
    {
        var service = spec["service"];
        service["namespace"].NotEmpty();
        service["name"].NotEmpty();
        foreach (var fault in Names.PortNumber(service["port"].Number ?? 0))
        {
            service["port"].Invalid("port is not valid: " + fault);
        }

        if (spec["insecureSkipTLSVerify"].IsTrue && spec["caBundle"].Value.StringAt() is { Length: > 0 })
        {
            spec["insecureSkipTLSVerify"].Invalid("may not be true if caBundle is present");
        }
    }
}
