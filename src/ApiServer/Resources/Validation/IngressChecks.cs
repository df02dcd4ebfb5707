using System.Text.Json.Nodes;

using MiniKube.Api.Addresses;
using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Hosts, paths and backends of an Ingress.</summary>
internal static class IngressChecks
{
    private const string ClassAnnotation = "kubernetes.io/ingress.class";

    private static readonly string[] BadSequences = ["//", "/./", "/../", "%2f", "%2F"];
    private static readonly string[] BadEndings = ["/..", "/."];

    /// <summary>The old way to name the class must not contradict the new one.</summary>
    public static void Class(Field ingress)
    {
        var annotation = ingress["metadata"]["annotations"][ClassAnnotation].Value.StringAt();
        if (annotation is not null && ingress["spec"]["ingressClassName"] is { IsSet: true } name && name.Text != annotation)
        {
            ingress["annotations"][ClassAnnotation].InvalidValue(annotation, "must match `ingressClassName` when both are specified");
        }
    }

    public static void Spec(Field spec)
    {
        var (rules, backend) = (spec["rules"], spec["defaultBackend"]);
        if (rules.Count == 0 && !backend.IsSet)
        {
            spec.InvalidValue(rules.Value, "either `defaultBackend` or `rules` must be specified");
        }

        if (backend.IsSet)
        {
            Backend(backend);
        }

        foreach (var rule in rules.Items)
        {
            Rule(rule);
        }

        foreach (var tls in spec["tls"].Items)
        {
            foreach (var host in tls["hosts"].Items)
            {
                Host(host);
            }

            tls["secretName"].OptionalName(Names.DnsSubdomain);
        }

        if (spec["ingressClassName"].IsSet)
        {
            spec["ingressClassName"].Name(Names.DnsSubdomain);
        }
    }

    /// <summary>Where the load balancer can be reached.</summary>
    public static void Status(Field ingress)
    {
        foreach (var point in ingress["status"]["loadBalancer"]["ingress"].Items)
        {
            var (address, name) = (point["ip"], point["hostname"]);
            if (address.Text.Length > 0)
            {
                address.Address();
            }

            name.OptionalName(Names.DnsSubdomain);
            if (AddressText.TryParse(name.Text, out _))
            {
                name.Invalid("must be a DNS name, not an IP address");
            }
        }
    }

    public static IEnumerable<string> Warnings(JsonObject obj) => obj.ObjectAt("metadata", "annotations")?.ContainsKey(ClassAnnotation) == true
        ? [$"annotation {GoText.Quote(ClassAnnotation)} is deprecated, please use 'spec.ingressClassName' instead"]
        : [];

    private static void Rule(Field rule)
    {
        var host = rule["host"];
        if (host.Text.Length > 0)
        {
            if (AddressText.TryParse(host.Text, out _))
            {
                host.Invalid("must be a DNS name, not an IP address");
            }

            Host(host);
        }

        if (rule["http"] is not { IsSet: true } http)
        {
            return;
        }

        http["paths"].NotEmpty();
        foreach (var path in http["paths"].Items)
        {
            Path(path);
        }
    }

    private static void Host(Field host) => host.Name(host.Text.Contains('*', StringComparison.Ordinal) ? Names.WildcardDnsSubdomain : Names.DnsSubdomain);

    private static void Path(Field entry)
    {
        var (type, path) = (entry["pathType"], entry["path"]);
        if (!type.IsSet)
        {
            type.Required("pathType must be specified");
            return;
        }

        switch (type.Text)
        {
            case "Exact" or "Prefix":
                Absolute(path);
                Clean(path);
                break;
            case "ImplementationSpecific":
                if (path.Text.Length > 0)
                {
                    Absolute(path);
                }

                break;
            default:
                type.NotSupported("Exact", "ImplementationSpecific", "Prefix");
                break;
        }

        Backend(entry["backend"]);
    }

    private static void Absolute(Field path)
    {
        if (!path.Text.StartsWith('/'))
        {
            path.Invalid("must be an absolute path");
        }
    }

    private static void Clean(Field path)
    {
        foreach (var sequence in BadSequences.Where(sequence => path.Text.Contains(sequence, StringComparison.Ordinal)))
        {
            path.Invalid($"must not contain '{sequence}'");
        }

        foreach (var ending in BadEndings.Where(ending => path.Text.EndsWith(ending, StringComparison.Ordinal)))
        {
            path.Invalid($"cannot end with '{ending}'");
        }
    }

    private static void Backend(Field backend)
    {
        var (resource, service) = (backend["resource"], backend["service"]);
        switch (resource.IsSet, service.IsSet)
        {
            case (true, true):
                backend.InvalidValue("", "cannot set both resource and service backends");
                break;
            case (true, false):
                ReferenceChecks.Typed(resource);
                break;
            case (false, true):
                service["name"].RequiredName(Names.Dns1035Label);
                ServicePort(backend, service["port"]);
                break;
            default:
                backend.InvalidValue("", "resource or service backend is required");
                break;
        }
    }

    private static void ServicePort(Field backend, Field port)
    {
        var (name, number) = (port["name"], port["number"]);
        switch (name.Text.Length > 0, number.Number is not (null or 0))
        {
            case (true, true):
                backend.InvalidValue("", "cannot set both port name & port number");
                break;
            case (true, false):
                name.Name(Names.PortName);
                break;
            case (false, true):
                number.Port();
                break;
            default:
                backend.Required("port name or number is required");
                break;
        }
    }
}
