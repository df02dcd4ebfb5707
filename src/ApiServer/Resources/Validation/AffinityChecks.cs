using System.Text.Json.Nodes;

using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Affinity to nodes and to other pods.</summary>
internal static class AffinityChecks
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
    private const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";

    public static void Validate(Field affinity)
    {
        if (!affinity.IsSet)
        {
            return;
        }

        OfNodes(affinity["nodeAffinity"]);
        OfPods(affinity["podAffinity"]);
        OfPods(affinity["podAntiAffinity"]);
    }

    /// <summary>Terms that choose nodes, of a pod or of a volume.</summary>
    public static void NodeSelector(Field selector)
    {
        var terms = selector["nodeSelectorTerms"];
        if (terms.Count == 0)
        {
            terms.Required("must have at least one node selector term");
        }

        foreach (var term in terms.Items)
        {
            Term(term, checksValues: true);
        }
    }

    private static void OfNodes(Field affinity)
    {
        if (affinity[Required].IsSet)
        {
            NodeSelector(affinity[Required]);
        }

        foreach (var preferred in affinity[Preferred].Items)
        {
            Weight(preferred["weight"]);
            Term(preferred["preference"], checksValues: false);
        }
    }

    private static void Term(Field term, bool checksValues)
    {
        foreach (var expression in term["matchExpressions"].Items)
        {
            Expression(expression, checksValues);
        }

        foreach (var field in term["matchFields"].Items)
        {
            MatchField(field);
        }
    }

    private static void Expression(Field expression, bool checksValues)
    {
        var values = expression["values"];
        switch (expression["operator"].Text)
        {
            case "In" or "NotIn":
                values.NotEmpty("must be specified when `operator` is 'In' or 'NotIn'");
                break;
            case "Exists" or "DoesNotExist":
                if (values.Count > 0)
                {
                    values.Forbidden("may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }

                break;
            case "Gt" or "Lt":
                if (values.Count != 1)
                {
                    values.Required("must be specified single value when `operator` is 'Lt' or 'Gt'");
                }

                break;
            default:
                expression["operator"].Invalid("not a valid selector operator");
                break;
        }

        expression["key"].Name(Names.QualifiedName);
        foreach (var value in checksValues ? values.Items : [])
        {
            value.Name(Names.LabelValue);
        }
    }

    // Nodes can be chosen by one field only.
    private static void MatchField(Field field)
    {
        if (field["operator"].Text is not ("In" or "NotIn"))
        {
            field["operator"].Invalid("not a valid selector operator");
        }
        else if (field["values"].Count != 1)
        {
            field["values"].Required("must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
        }

        if (field["key"].Text != "metadata.name")
        {
            field["key"].Invalid("not a valid field selector key");
            return;
        }

        foreach (var value in field["values"].Items)
        {
            value.Name(Names.DnsSubdomain);
        }
    }

    private static void OfPods(Field affinity)
    {
        foreach (var term in affinity[Required].Items)
        {
            PodTerm(term);
        }

        foreach (var preferred in affinity[Preferred].Items)
        {
            Weight(preferred["weight"]);
            PodTerm(preferred["podAffinityTerm"]);
        }
    }

    private static void PodTerm(Field term)
    {
        term["labelSelector"].LabelSelector();
        term["namespaceSelector"].LabelSelector();
        foreach (var name in term["namespaces"].Items)
        {
            term["namespace"].With(name.Value).Name(Names.DnsLabel);
        }

        LabelKeys(term);
        var key = term["topologyKey"];
        key.NotEmpty("can not be empty");
        key.Name(Names.QualifiedName);
    }

    private static void LabelKeys(Field term)
    {
        var selector = term["labelSelector"];
        foreach (var keys in new[] { term["matchLabelKeys"], term["mismatchLabelKeys"] })
        {
            if (keys.Count > 0 && !selector.IsSet)
            {
                keys.Forbidden("must not be specified when labelSelector is not set");
                continue;
            }

            foreach (var key in keys.Items)
            {
                key.Name(Names.QualifiedName);
            }
        }

        var mismatched = term["mismatchLabelKeys"].Items.Select(key => key.Text).ToHashSet();
        foreach (var (index, key) in term["matchLabelKeys"].Items.Index())
        {
            // The server itself adds an In of the key when it creates a pod: it may stand there once.
            var uses = selector["matchExpressions"].Items.Count(expression => expression["key"].Text == key.Text);
            if (uses > 1 || (uses == 1 && selector["matchLabels"].Value is JsonObject labels && labels.ContainsKey(key.Text)))
            {
                term[index].InvalidValue(key.Text, "exists in both matchLabelKeys and labelSelector");
            }

            if (mismatched.Contains(key.Text))
            {
                key.Invalid("exists in both matchLabelKeys and mismatchLabelKeys");
            }
        }
    }

    private static void Weight(Field weight)
    {
        if (weight.Number is not (>= 1 and <= 100))
        {
            weight.InvalidValue(weight.Number ?? 0, "must be in the range 1-100");
        }
    }
}
