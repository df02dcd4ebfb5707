using System.Text.Json.Nodes;

using MiniKube.Api.Schema;

namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>
/// Compares two objects of one type field by field, in one walk over the type (structured-merge-diff's Compare). A hot path: runs for every write, and allocates only for what
/// differs. Throws <see cref="FieldSchemaException"/> for lists whose items cannot be told apart.
/// </summary>
internal sealed class FieldComparer(ObjectView view)
{
    public static FieldComparison Compare(JsonObject left, JsonObject right, ObjectType type, ObjectView view)
    {
        var level = default(Level);
        new FieldComparer(view).CompareMaps(left, right, FieldSchema.Of(type), ref level);
        return new FieldComparison(level.Added.Build() ?? FieldSet.Empty, level.Modified.Build() ?? FieldSet.Empty, level.Removed.Build() ?? FieldSet.Empty);
    }

    /// <summary>Compares what stands at an element, of which a side may have nothing, and notes it in the level that holds the element.</summary>
    private void CompareAt(FieldElement element, FieldSchema schema, Side left, Side right, ref Level above)
    {
        var below = default(Level);
        var isLeaf = false;
        if (!left.IsThere || !right.IsThere)
        {
            isLeaf = Descend(schema.FormOf(left.IsThere ? left.Value : right.Value), schema, left.Value, right.Value, ref below);
        }
        else
        {
            var (leftForm, rightForm) = (schema.FormOf(left.Value), schema.FormOf(right.Value));
            if (leftForm != rightForm)
            {
                // Of unknown type, and another one now: what each has below it is gone or new.
                isLeaf = Descend(leftForm, schema, left.Value, null, ref below) | Descend(rightForm, schema, null, right.Value, ref below);
            }
            else
            {
                isLeaf = Descend(rightForm, schema, left.Value, right.Value, ref below);
            }
        }

        var isModified = isLeaf && left.IsThere && right.IsThere && !ValueEquality.AreEqual(left.Value, right.Value, schema, view);
        above.Added.Add(element, !left.IsThere, below.Added.Build());
        above.Removed.Add(element, !right.IsThere, below.Removed.Build());
        above.Modified.Add(element, isModified, below.Modified.Build());
    }

    /// <summary>Compares what lies below; returns true instead when the value counts as a whole.</summary>
    private bool Descend(FieldForm form, FieldSchema schema, JsonNode? left, JsonNode? right, ref Level level)
    {
        switch (form)
        {
            case FieldForm.Map when !IsEmpty(left as JsonObject, schema) || !IsEmpty(right as JsonObject, schema):
                CompareMaps(left as JsonObject, right as JsonObject, schema, ref level);
                return false;
            case FieldForm.List when left is JsonArray { Count: > 0 } || right is JsonArray { Count: > 0 }:
                CompareLists(left as JsonArray, right as JsonArray, schema, ref level);
                return false;
            default:
                return true;
        }
    }

    private bool IsEmpty(JsonObject? map, FieldSchema schema) => map is null || !view.HasAny(map, schema.Object);

    private void CompareMaps(JsonObject? left, JsonObject? right, FieldSchema schema, ref Level level)
    {
        if (view.IsModel && schema.Object is { } type)
        {
            // The fields in hand, a type is walked without a look-up for each; names that it does not have are rare.
            var known = 0;
            foreach (var field in type.OrderedFields)
            {
                var (before, after) = (Side.Of(left, field.Name, field, view, ref known), Side.Of(right, field.Name, field, view, ref known));
                CompareField(field.Element, FieldSchema.Of(field), before, after, ref level);
            }

            if (known == (left?.Count ?? 0) + (right?.Count ?? 0))
            {
                return;
            }
        }

        var named = 0;
        foreach (var name in view.UnmodelledNames(left, right, schema.Object))
        {
            var field = schema.Object?.Find(name);
            var (before, after) = (Side.Of(left, name, field, view, ref named), Side.Of(right, name, field, view, ref named));
            CompareField(ElementOf(name, field), schema.Below(name) ?? FieldSchema.Deduced, before, after, ref level);
        }
    }

    private void CompareField(FieldElement element, FieldSchema schema, Side left, Side right, ref Level level)
    {
        if (left.IsThere || right.IsThere)
        {
            CompareAt(element, schema, left, right, ref level);
        }
    }

    private void CompareLists(JsonArray? left, JsonArray? right, FieldSchema schema, ref Level level)
    {
        var items = schema.Element;
        var leftItems = KeyedItems.Read(left, schema, view);
        var rightItems = KeyedItems.Read(right, schema, view);
        foreach (var group in leftItems.Groups)
        {
            CompareItems(group.Element, items, group.Items, rightItems.Of(group.Element), ref level);
        }

        foreach (var group in rightItems.Groups)
        {
            if (leftItems.Of(group.Element) is [])
            {
                CompareItems(group.Element, items, [], group.Items, ref level);
            }
        }
    }

    // Items of the same keys are owned as one, and what lies below them not at all.
    private void CompareItems(FieldElement element, FieldSchema schema, List<JsonNode?> ones, IReadOnlyList<JsonNode?> others, ref Level level)
    {
        if (ones.Count <= 1 && others.Count <= 1)
        {
            CompareAt(element, schema, Side.Of(ones), Side.Of(others), ref level);
        }
        else if (ones.Count >= 2 && others.Count >= 2)
        {
            var areEqual = ones.Count == others.Count && ones.Zip(others).All(pair => ValueEquality.AreEqual(pair.First, pair.Second, schema, view));
            level.Modified.Add(element, !areEqual);
        }
        else
        {
            var below = default(Level);
            if (ones.Count == 1)
            {
                CompareAt(element, schema, Side.Of(ones), default, ref below);
            }
            else if (others.Count == 1)
            {
                CompareAt(element, schema, default, Side.Of(others), ref below);
            }

            level.Added.Add(element, others.Count > 0, below.Added.Build()?.Below(element));
            level.Removed.Add(element, ones.Count > 0, below.Removed.Build()?.Below(element));
        }
    }

    private static FieldElement ElementOf(string name, FieldType? field) => field?.Element ?? FieldElement.Field(name);

    /// <summary>What one object has at a place, if anything: null is JSON's null.</summary>
    private readonly record struct Side(bool IsThere, JsonNode? Value)
    {
        /// <summary>Counts the names that the map has, whether or not they count as being there.</summary>
        public static Side Of(JsonObject? map, string name, FieldType? field, ObjectView view, ref int named)
        {
            if (map is null)
            {
                return default;
            }

            var isNamed = map.TryGetPropertyValue(name, out var value);
            named += isNamed ? 1 : 0;
            return view.IsThere(isNamed, field, ref value) ? new Side(true, value) : default;
        }

        public static Side Of(IReadOnlyList<JsonNode?> items) => items.Count == 0 ? default : new Side(true, items[0]);
    }

    private struct Level
    {
        public FieldSet.Builder Added;
        public FieldSet.Builder Modified;
        public FieldSet.Builder Removed;
    }
}
