using System.Text.Json.Nodes;

using MiniKube.Api.Validation;
using MiniKube.ApiServer.Resources.FlowControl;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Flow schemas and priority levels; those that upstream calls mandatory are what they are.</summary>
internal static class FlowControlChecks
{
    private const int LastPrecedence = 10_000;
    private const int MostQueues = 10_000_000;
    private const int HashBits = 60;

    private static readonly string[] Verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"];

    public static void Schema(Field schema)
    {
        var (name, spec) = (schema["metadata"]["name"].Text, schema["spec"]);
        Precedence(spec["matchingPrecedence"], name);
        if (spec["distinguisherMethod"] is { IsSet: true } method && method["type"].Text is not ("ByNamespace" or "ByUser"))
        {
            method["type"].With(method.Value).NotSupported("ByNamespace", "ByUser");
        }

        var level = spec["priorityLevelConfiguration"]["name"];
        if (level.NotEmpty("must reference a priority level"))
        {
            level.Name(Names.DnsSubdomain);
        }

        foreach (var rule in spec["rules"].Items)
        {
            Rule(rule);
        }

        Mandatory(spec, name, FlowControlDefaults.MandatoryFlowSchemas);
    }

    public static void Level(Field level)
    {
        var (name, spec) = (level["metadata"]["name"].Text, level["spec"]);
        var type = spec["type"];
        if ((name == "exempt") != (type.Text == "Exempt"))
        {
            type.Invalid("type must be 'Exempt' if and only if name is 'exempt'");
        }

        switch (type.Text)
        {
            case "Exempt":
                spec.ForbidAll("must be nil if the type is not Limited", "limited");
                Exempt(spec["exempt"]);
                break;
            case "Limited":
                spec.ForbidAll("must be nil if the type is Limited", "exempt");
                if (spec["limited"].IsSet)
                {
                    Limited(spec["limited"]);
                }
                else
                {
                    spec["limited"].Required("must not be empty when type is Limited");
                }

                break;
            default:
                type.NotSupported("Exempt", "Limited");
                break;
        }

        Mandatory(spec, name, FlowControlDefaults.MandatoryPriorityLevels, "exempt");
    }

    public static void Conditions(Field conditions)
    {
        var types = new HashSet<string>(StringComparer.Ordinal);
        foreach (var condition in conditions.Items)
        {
            if (!types.Add(condition["type"].Text))
            {
                condition["type"].Duplicate(condition["type"].Text);
            }

            condition["type"].NotEmpty("must not be empty");
        }
    }

    // Of the level that is exempt the numbers may change: they say what it lends.
    private static void Mandatory(Field spec, string name, IReadOnlyDictionary<string, JsonObject> all, string changeable = "")
    {
        if (all.TryGetValue(name, out var wanted) && !JsonNode.DeepEquals(Without(spec.Value, changeable), Without(wanted, changeable)))
        {
            spec.Invalid($"spec of '{name}' must equal the fixed value");
        }
    }

    private static JsonObject? Without(JsonNode? spec, string field)
    {
        var copy = spec?.DeepClone() as JsonObject;
        copy?.Remove(field);
        return copy;
    }

    private static void Precedence(Field precedence, string name)
    {
        var number = precedence.Number ?? 0;
        if (number <= 0)
        {
            precedence.InvalidValue(number, "must be a positive value");
        }

        if (number > LastPrecedence)
        {
            precedence.Invalid($"must not be greater than {LastPrecedence}");
        }

        if (number == 1 && name != "exempt")
        {
            precedence.Invalid("only the schema named 'exempt' may have matchingPrecedence 1");
        }
    }

    private static void Rule(Field rule)
    {
        rule["subjects"].NotEmpty("subjects must contain at least one value");
        foreach (var subject in rule["subjects"].Items)
        {
            Subject(subject);
        }

        if (rule["resourceRules"].Count == 0 && rule["nonResourceRules"].Count == 0)
        {
            rule.Required("at least one of resourceRules and nonResourceRules has to be non-empty");
        }

        foreach (var one in rule["resourceRules"].Items)
        {
            ResourceRule(one);
        }

        foreach (var one in rule["nonResourceRules"].Items)
        {
            NonResourceRule(one);
        }
    }

    private static void Subject(Field subject)
    {
        var kind = subject["kind"].Text;
        if (kind is not ("User" or "Group" or "ServiceAccount"))
        {
            subject["kind"].NotSupported("Group", "ServiceAccount", "User");
            return;
        }

        foreach (var other in (string[])["ServiceAccount", "User", "Group"])
        {
            var field = char.ToLowerInvariant(other[0]) + other[1..];
            if (other == kind)
            {
                Named(subject[field], field, kind);
            }
            else if (subject[field].IsSet)
            {
                subject[field].Forbidden($"{field} is forbidden when subject kind is not '{other}'");
            }
        }
    }

    private static void Named(Field subject, string field, string kind)
    {
        if (!subject.IsSet)
        {
            subject.Required($"{field} is required when subject kind is '{kind}'");
            return;
        }

        if (!subject["name"].NotEmpty() || kind != "ServiceAccount")
        {
            return;
        }

        if (subject["name"].Text != "*")
        {
            subject["name"].Name(Names.DnsSubdomain);
        }

        if (subject["namespace"].NotEmpty("must specify namespace for service account"))
        {
            subject["namespace"].Name(Names.DnsLabel);
        }
    }

    private static void ResourceRule(Field rule)
    {
        CheckVerbs(rule["verbs"]);
        if (rule["apiGroups"].NotEmpty("resource rules must supply at least one api group"))
        {
            OnlyWildcard(rule["apiGroups"], "api groups");
        }

        if (rule["resources"].NotEmpty("resource rules must supply at least one resource"))
        {
            OnlyWildcard(rule["resources"], "resources");
        }

        var namespaces = rule["namespaces"];
        if (namespaces.Count == 0 && !rule["clusterScope"].IsTrue)
        {
            namespaces.Required("resource rules that are not cluster scoped must supply at least one namespace");
        }
        else if (!OnlyWildcard(namespaces, "namespaces"))
        {
            foreach (var space in namespaces.Items)
            {
                foreach (var fault in Names.DnsLabel(space.Text))
                {
                    space.Invalid("each member of this list must be '*' or a DNS-1123 label; " + fault);
                }
            }
        }
    }

    private static void NonResourceRule(Field rule)
    {
        CheckVerbs(rule["verbs"]);
        var urls = rule["nonResourceURLs"];
        if (urls.NotEmpty("nonResourceURLs must contain at least one value") && !OnlyWildcard(urls, "non-resource URLs"))
        {
            foreach (var url in urls.Items)
            {
                Url(url);
            }
        }
    }

    private static void CheckVerbs(Field verbs)
    {
        if (verbs.NotEmpty("verbs must contain at least one value")
            && !OnlyWildcard(verbs, "verbs")
            && verbs.Items.Any(verb => !Verbs.Contains(verb.Text)))
        {
            verbs.NotSupported(Verbs);
        }
    }

    /// <summary>Whether the list holds the wildcard, which stands alone.</summary>
    private static bool OnlyWildcard(Field list, string others)
    {
        if (!list.Items.Any(item => item.Text == "*"))
        {
            return false;
        }

        if (list.Count > 1)
        {
            list.Invalid($"if '*' is present, must not specify other {others}");
        }

        return true;
    }

    private static void Url(Field url)
    {
        var path = url.Text;
        var fault = path switch
        {
            "" => "must not be empty",
            "/" => null,
            [not '/', ..] => "must start with slash",
            _ when path.Contains(' ', StringComparison.Ordinal) => "must not contain white-space",
            _ when path.Contains("//", StringComparison.Ordinal) => "must not contain double slash",
            _ when path.Contains('*', StringComparison.Ordinal) && path.IndexOf('*', StringComparison.Ordinal) != path.Length - 1 => "wildcard can only do suffix matching",
            _ when path is [.., not '/', '*'] => "wildcard can only do suffix matching",
            _ => null,
        };
        if (fault is not null)
        {
            url.Invalid(fault);
        }
    }

    private static void Exempt(Field exempt)
    {
        if (exempt["nominalConcurrencyShares"].Number < 0)
        {
            exempt["nominalConcurrencyShares"].Invalid("must be a non-negative integer");
        }

        exempt["lendablePercent"].Between(0, 100);
    }

    private static void Limited(Field limited)
    {
        if (limited["nominalConcurrencyShares"].Number < 0)
        {
            limited["nominalConcurrencyShares"].Invalid("must be a non-negative integer");
        }

        Response(limited["limitResponse"]);
        limited["lendablePercent"].Between(0, 100);
        if (limited["borrowingLimitPercent"].Number < 0)
        {
            limited["borrowingLimitPercent"].Invalid("if specified, must be a non-negative integer");
        }
    }

    private static void Response(Field response)
    {
        var queuing = response["queuing"];
        switch (response["type"].Text)
        {
            case "Reject" when queuing.IsSet:
                queuing.Forbidden("must be nil if limited.limitResponse.type is not Limited");
                break;
            case "Reject":
                break;
            case "Queue" when queuing.IsSet:
                Queuing(queuing);
                break;
            case "Queue":
                queuing.Required("must not be empty if limited.limitResponse.type is Limited");
                break;
            default:
                response["type"].NotSupported("Queue", "Reject");
                break;
        }
    }

    private static void Queuing(Field queuing)
    {
        var (queues, hand) = (queuing["queues"], queuing["handSize"]);
        Positive(queuing["queueLengthLimit"]);
        if (Positive(queues) && queues.Number > MostQueues)
        {
            queues.Invalid($"must not be greater than {MostQueues}");
        }

        if (!Positive(hand))
        {
            return;
        }

        if (hand.Number > queues.Number)
        {
            hand.Invalid($"should not be greater than queues ({queues.Number})");
        }
        else if (Math.Ceiling(Math.Log2(queues.Number ?? 0) * (hand.Number ?? 0)) > HashBits)
        {
            // A request's hand of queues is dealt by the bits of one hash.
            hand.Invalid($"required entropy bits of deckSize {queues.Number} and handSize {hand.Number} should not be greater than {HashBits}");
        }
    }

    private static bool Positive(Field field)
    {
        if (field.Number is > 0)
        {
            return true;
        }

        field.InvalidValue(field.Number ?? 0, "must be positive");
        return false;
    }
}
