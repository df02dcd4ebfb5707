using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Authentication;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.FlowControl;

/// <summary>
/// Finds the FlowSchema of a request as upstream does: of all whose priority level exists the first that matches, by matchingPrecedence and then by name. A hot
/// path: the schemas are read again only when one of them or a level has changed.
/// </summary>
internal sealed class FlowClassifier(Cacher schemas, Cacher levels)
{
    public const string Group = "flowcontrol.apiserver.k8s.io";

    private volatile State _state = new(CacheSnapshot.Empty, CacheSnapshot.Empty);

    public static FlowClassifier Of(ResourceCatalog catalog) =>
        new(catalog.Get(Group, "v1", "flowschemas").Cacher, catalog.Get(Group, "v1", "prioritylevelconfigurations").Cacher);

    /// <summary>Null only while the server starts: one of the mandatory schemas matches everything.</summary>
    public FlowClass? Find(UserInfo user, RequestInfo info)
    {
        var (newSchemas, newLevels, state) = (schemas.Snapshot, levels.Snapshot, _state);
        if (!ReferenceEquals(state.Schemas, newSchemas) || !ReferenceEquals(state.Levels, newLevels))
        {
            // Two requests may both make it: they make the same.
            _state = state = new State(newSchemas, newLevels);
        }

        return state.Find(user, info);
    }

    private sealed class State
    {
        private readonly List<(FlowClass Class, List<FlowRule> Rules)> _inOrder;

        public State(CacheSnapshot schemas, CacheSnapshot levels)
        {
            (Schemas, Levels) = (schemas, levels);
            _inOrder = [.. Objects(schemas)
                .OrderBy(schema => schema.IntegerAt("spec", "matchingPrecedence"))
                .ThenBy(schema => schema.StringAt("metadata", "name"), StringComparer.Ordinal)
                .Select(Read)
                .OfType<(FlowClass, List<FlowRule>)>()];
        }

        public CacheSnapshot Schemas { get; }

        public CacheSnapshot Levels { get; }

        public FlowClass? Find(UserInfo user, RequestInfo info)
        {
            foreach (var (found, rules) in _inOrder)
            {
                foreach (var rule in rules)
                {
                    if (rule.Matches(user, info))
                    {
                        return found;
                    }
                }
            }

            return null;
        }

        private (FlowClass Class, List<FlowRule> Rules)? Read(JsonObject schema)
        {
            var level = Levels.Objects.Find(schema.StringAt("spec", "priorityLevelConfiguration", "name") ?? "");
            return level is null
                ? null
                : (new FlowClass(UidOf(schema), UidOf(ObjectCodec.Parse(level.Json.Span))), [.. schema.ObjectsAt("spec", "rules").Select(rule => new FlowRule(rule))]);
        }

        private static string UidOf(JsonObject obj) => obj.StringAt("metadata", "uid") ?? "";

        private static List<JsonObject> Objects(CacheSnapshot snapshot)
        {
            var objects = new List<JsonObject>();
            snapshot.Objects.VisitPrefix("", "", obj =>
            {
                objects.Add(ObjectCodec.Parse(obj.Json.Span));
                return true;
            });
            return objects;
        }
    }
}
