using System.Globalization;

using MiniKube.Api.Quantities;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Limit ranges: each type once, and least, greatest and default amounts in order (upstream's ValidateLimitRange).</summary>
internal static class LimitRangeChecks
{
    private static readonly string[] Lists = ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"];

    public static void Validate(Field range)
    {
        var types = new HashSet<string>(StringComparer.Ordinal);
        foreach (var limit in range["spec"]["limits"].Items)
        {
            var type = limit["type"];
            TypeName(type);
            if (!types.Add(type.Text))
            {
                type.Duplicate(type.Text);
            }

            NamesOf(limit, type.Text);
            if (type.Text == "PersistentVolumeClaim" && !limit["min"]["storage"].IsSet && !limit["max"]["storage"].IsSet)
            {
                limit["limits"].Required("either minimum or maximum storage value is required, but neither was provided");
            }

            var isPod = type.Text == "Pod";
            foreach (var name in Lists.SelectMany(list => limit[list].Entries).Select(entry => entry.Name).Distinct())
            {
                Amounts(limit, name, isPod);
            }
        }
    }

    private static void TypeName(Field type)
    {
        var faults = type.Faults;
        type.Name(Names.QualifiedName);
        if (type.Faults == faults && !type.Text.Contains('/', StringComparison.Ordinal) && type.Text is not ("Pod" or "Container" or "PersistentVolumeClaim"))
        {
            type.Invalid("must be a standard limit type or fully qualified");
        }
    }

    private static void NamesOf(Field limit, string type)
    {
        foreach (var list in Lists)
        {
            if (type == "Pod" && list is ("default" or "defaultRequest"))
            {
                if (limit[list].Count > 0)
                {
                    limit[list].Forbidden("may not be specified when `type` is 'Pod'");
                }

                continue;
            }

            foreach (var (name, amount) in limit[list].Entries)
            {
                if (type is "Pod" or "Container")
                {
                    ResourceChecks.ContainerName(amount, name);
                }
                else
                {
                    ResourceChecks.AnyName(amount, name);
                }
            }
        }
    }

    private static void Amounts(Field limit, string name, bool isPod)
    {
        var (min, max) = (Read(limit, "min", name), Read(limit, "max", name));
        var (byDefault, requested) = isPod ? (null, null) : (Read(limit, "default", name), Read(limit, "defaultRequest", name));
        Ordered(limit["min"].Key(name), min, max, min, "min value", "max value");
        Ordered(limit["defaultRequest"].Key(name), min, requested, requested, "min value", "default request value");
        Ordered(limit["defaultRequest"].Key(name), requested, max, requested, "default request value", "max value");
        Ordered(limit["defaultRequest"].Key(name), requested, byDefault, requested, "default request value", "default limit value");
        Ordered(limit["default"].Key(name), min, byDefault, min, "min value", "default value");
        Ordered(limit["default"].Key(name), byDefault, max, max, "default value", "max value");
        Ratio(limit["maxLimitRequestRatio"].Key(name), Read(limit, "maxLimitRequestRatio", name), min, max);
        if (!ResourceNames.AllowsOvercommit(name) && byDefault is { } one && requested is { } other && one != other)
        {
            limit["defaultRequest"].Key(name).InvalidValue(other.ToString(), $"default value {one} must equal to defaultRequest value {other} in {name}");
        }
    }

    private static void Ordered(Field field, Quantity? less, Quantity? more, Quantity? shown, string lessName, string moreName)
    {
        if (less > more)
        {
            field.InvalidValue(shown?.ToString(), $"{lessName} {less} is greater than {moreName} {more}");
        }
    }

    private static void Ratio(Field field, Quantity? ratio, Quantity? min, Quantity? max)
    {
        if (ratio is not { } given)
        {
            return;
        }

        if (given < Quantity.FromValue(1))
        {
            field.InvalidValue(given.ToString(), $"ratio {given} is less than 1");
        }

        if (min is { } least && max is { } most && most.ToDouble() / least.ToDouble() is var greatest && given.ToDouble() > greatest)
        {
            field.InvalidValue(given.ToString(), $"ratio {given} is greater than max/min = {greatest.ToString("F6", CultureInfo.InvariantCulture)}");
        }
    }

    private static Quantity? Read(Field limit, string list, string name) =>
        Quantity.TryParse(limit[list][name].Text, out var quantity) ? quantity : null;
}
