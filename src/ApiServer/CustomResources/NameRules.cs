using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Resources.ApiExtensions;

namespace MiniKube.ApiServer.CustomResources;

/// <summary>Which of a definition's names are free in its group (upstream's naming controller), and whether it is thereby established.</summary>
internal static class NameRules
{
    /// <summary>Sets the accepted names and the conditions of a definition.</summary>
    /// <param name="definition">Changed.</param>
    /// <param name="others">The names that other definitions of the group hold.</param>
    /// <param name="now">For conditions that change.</param>
    public static void Apply(JsonObject definition, IReadOnlyList<DefinitionNames> others, string now)
    {
        var status = definition.GetOrAddObject("status");
        var wanted = definition.ObjectAt("spec", "names") ?? [];
        var accepted = status.GetOrAddObject("acceptedNames");
        if (!JsonNode.DeepEquals(wanted, accepted))
        {
            var conflict = Accept(wanted, accepted, others);
            SetConditions(definition, conflict, now);
        }
    }

    // Of several conflicts the last is told, as upstream does.
    private static (string Reason, string Message)? Accept(JsonObject wanted, JsonObject accepted, IReadOnlyList<DefinitionNames> others)
    {
        var resources = others.SelectMany(other => other.ShortNames.Append(other.Plural).Append(other.Singular)).ToHashSet(StringComparer.Ordinal);
        var kinds = others.SelectMany(other => new[] { other.Kind, other.ListKind }).ToHashSet(StringComparer.Ordinal);
        (string, string)? conflict = null;
        AcceptName("plural", "PluralConflict", resources);
        AcceptName("singular", "SingularConflict", resources);
        AcceptShortNames();
        AcceptName("kind", "KindConflict", kinds);
        AcceptName("listKind", "ListKindConflict", kinds);
        Copy(wanted, accepted, "categories");
        return conflict;

        void AcceptName(string field, string reason, HashSet<string> taken)
        {
            var name = wanted.StringAt(field) ?? "";
            if (name != accepted.StringAt(field) && taken.Contains(name))
            {
                conflict = (reason, InUse(name));
            }
            else
            {
                accepted[field] = name;
            }
        }

        void AcceptShortNames()
        {
            var known = List(accepted["shortNames"]).ToHashSet();
            var taken = List(wanted["shortNames"]).Where(name => !known.Contains(name) && resources.Contains(name)).ToList();
            if (taken.Count == 0)
            {
                Copy(wanted, accepted, "shortNames");
                return;
            }

            conflict = ("ShortNamesConflict", taken.Count == 1 ? InUse(taken[0]) : $"[{string.Join(", ", taken.Select(InUse))}]");
        }
    }

    private static void SetConditions(JsonObject definition, (string Reason, string Message)? conflict, string now)
    {
        if (conflict is var (reason, message))
        {
            DefinitionConditions.Set(definition, DefinitionConditions.NamesAccepted, false, reason, message, now);
            if (!DefinitionConditions.IsTrue(definition, DefinitionConditions.Established))
            {
                DefinitionConditions.Set(definition, DefinitionConditions.Established, false, "NotAccepted", "not all names are accepted", now);
            }

            return;
        }

        DefinitionConditions.Set(definition, DefinitionConditions.NamesAccepted, true, "NoConflicts", "no conflicts found", now);
        if (!DefinitionConditions.IsTrue(definition, DefinitionConditions.Established))
        {
            DefinitionConditions.Set(
                definition, DefinitionConditions.Established, true, "InitialNamesAccepted", "the initial names have been accepted", now);
        }
    }

    private static IEnumerable<string> List(JsonNode? names) => (names as JsonArray)?.Select(name => name.StringAt() ?? "") ?? [];

    private static void Copy(JsonObject from, JsonObject to, string field)
    {
        if (from[field] is { } value)
        {
            to[field] = value.DeepClone();
        }
        else
        {
            to.Remove(field);
        }
    }

    private static string InUse(string name) => $"{GoText.Quote(name)} is already in use";
}
