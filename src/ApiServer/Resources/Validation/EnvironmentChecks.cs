using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Environment variables of a container.</summary>
internal static class EnvironmentChecks
{
    private static readonly string[] References = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];

    public static void Variables(Field variables)
    {
        foreach (var variable in variables.Items)
        {
            variable["name"].RequiredName(Names.EnvVarName);
            if (variable["valueFrom"].IsSet)
            {
                ValueFrom(variable["valueFrom"], hasValue: variable["value"].Text.Length > 0);
            }
        }
    }

    public static void Sources(Field sources)
    {
        foreach (var source in sources.Items)
        {
            source["prefix"].OptionalName(Names.EnvVarName);
            var (map, secret) = (source["configMapRef"], source["secretRef"]);
            if (map.IsSet)
            {
                map["name"].RequiredName(Names.DnsSubdomain);
            }

            if (secret.IsSet)
            {
                secret["name"].RequiredName(Names.DnsSubdomain);
            }

            if (!map.IsSet && !secret.IsSet)
            {
                sources.InvalidValue("", "must specify one of: `configMapRef` or `secretRef`");
            }
            else if (map.IsSet && secret.IsSet)
            {
                sources.InvalidValue("", "may not have more than one field specified at a time");
            }
        }
    }

    private static void ValueFrom(Field source, bool hasValue)
    {
        var count = 0;
        foreach (var name in References)
        {
            if (source[name].IsSet)
            {
                count++;
                Reference(name, source[name]);
            }
        }

        var fault = (count, hasValue) switch
        {
            (0, _) => "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`",
            (_, true) => "may not be specified when `value` is not empty",
            (> 1, _) => "may not have more than one field specified at a time",
            _ => null,
        };
        if (fault is not null)
        {
            source.InvalidValue("", fault);
        }
    }

    private static void Reference(string name, Field reference)
    {
        switch (name)
        {
            case "fieldRef":
                DownwardApiChecks.OfVariable(reference);
                break;
            case "resourceFieldRef":
                DownwardApiChecks.Resource(reference, needsContainer: false);
                break;
            case "configMapKeyRef" or "secretKeyRef":
                reference["name"].Name(Names.DnsSubdomain);
                reference["key"].RequiredName(Names.ConfigKey);
                break;
            default:
                reference["volumeName"].NotEmpty();
                reference["path"].NotEmpty();
                reference["key"].NotEmpty();
                break;
        }
    }
}
