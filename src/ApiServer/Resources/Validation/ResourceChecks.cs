using MiniKube.Api.Quantities;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Amounts of resources: what containers and pods ask for and may use, and what quotas and limit ranges say of them.</summary>
internal static class ResourceChecks
{
    public static void OfContainer(Field resources, IReadOnlySet<string> claims)
    {
        if (resources.IsSet)
        {
            Requirements(resources, ContainerName);
            PodResourceChecks.UsedClaims(resources["claims"], claims);
        }
    }

    public static void OfOverhead(Field overhead) => Requirements(overhead, ContainerName);

    /// <summary>Amounts of a map such as <c>hard</c>, by the names that may stand there.</summary>
    public static void Amounts(Field amounts, Action<Field, string> nameRule)
    {
        foreach (var (name, amount) in amounts.Entries)
        {
            nameRule(amount, name);
            Amount(amount, name);
        }
    }

    public static void Amount(Field field, string name)
    {
        var amount = Parse(field);
        if (amount.IsNegative)
        {
            field.InvalidValue(amount.ToString(), "must be greater than or equal to 0");
        }

        if (ResourceNames.IsInteger(name) && amount.MilliValue % 1000 != 0)
        {
            field.InvalidValue(amount.ToString(), "must be an integer");
        }
    }

    /// <summary>A name that means something anywhere.</summary>
    public static bool AnyName(Field field, string name)
    {
        var faults = field.Faults;
        foreach (var fault in Names.QualifiedName(name))
        {
            field.InvalidValue(name, fault);
        }

        if (field.Faults == faults && !name.Contains('/', StringComparison.Ordinal) && !ResourceNames.IsStandard(name))
        {
            field.InvalidValue(name, "must be a standard resource type or fully qualified");
        }

        return field.Faults == faults;
    }

    public static void ContainerName(Field field, string name)
    {
        AnyName(field, name);
        if (!name.Contains('/', StringComparison.Ordinal))
        {
            if (!ResourceNames.IsOfContainers(name))
            {
                field.InvalidValue(name, "must be a standard resource for containers");
            }
        }
        else if (!ResourceNames.IsNative(name) && !ResourceNames.IsExtended(name))
        {
            field.InvalidValue(name, "doesn't follow extended resource name standard");
        }
    }

    public static void Requirements(Field resources, Action<Field, string> nameRule)
    {
        var (limits, requests) = (resources["limits"], resources["requests"]);
        foreach (var (name, limit) in limits.Entries)
        {
            One(limit, name, nameRule);
            WholePages(limit, name);
        }

        foreach (var (name, request) in requests.Entries)
        {
            One(request, name, nameRule);
            AgainstLimit(requests, limits, name, Parse(request));
            WholePages(request, name);
        }

        var names = limits.Entries.Concat(requests.Entries).Select(entry => entry.Name).ToList();
        if (names.Exists(ResourceNames.IsHugePages) && !names.Exists(name => name is "cpu" or "memory"))
        {
            resources.Forbidden("HugePages require cpu or memory");
        }
    }

    private static void One(Field field, string name, Action<Field, string> nameRule)
    {
        nameRule(field, name);
        Amount(field, name);
    }

    private static void WholePages(Field field, string name)
    {
        if (ResourceNames.IsHugePages(name) && !IsMultiple(Parse(field), name["hugepages-".Length..]))
        {
            field.InvalidValue(Parse(field).ToString(), $"{Parse(field)} is not positive integer multiple of {name}");
        }
    }

    private static bool IsMultiple(Quantity amount, string page) =>
        Quantity.TryParse(page, out var size) && size.Value > 0 && size.MilliValue % 1000 == 0 && amount.Value % size.Value == 0;

    private static void AgainstLimit(Field requests, Field limits, string name, Quantity request)
    {
        var overcommits = ResourceNames.AllowsOvercommit(name);
        if (limits[name].IsSet)
        {
            var limit = Parse(limits[name]);
            if (!overcommits && request != limit)
            {
                requests.InvalidValue(request.ToString(), $"must be equal to {name} limit of {limit}");
            }
            else if (request > limit)
            {
                requests.InvalidValue(request.ToString(), $"must be less than or equal to {name} limit of {limit}");
            }
        }
        else if (!overcommits)
        {
            limits.Required("Limit must be set for non overcommitable resources");
        }
    }

    // The decoder has refused what is no quantity.
    private static Quantity Parse(Field field) => Quantity.TryParse(FieldPath.Text(field.Value), out var quantity) ? quantity : Quantity.Zero;
}
