using System.Globalization;
using System.Text;

namespace MiniKube.Api.Serialization;

/// <summary>Where a decoder stands, and the strict errors it has found.</summary>
internal sealed class FieldStack
{
    // Upstream's bound (sigs.k8s.io/json): a body full of unknown fields must not become a huge answer.
    private const int MaxStrictErrors = 100;

    private readonly List<Step> _steps = [];
    private readonly List<string> _strictErrors = [];
    private int _suppressed;

    public IReadOnlyList<string> StrictErrors => _strictErrors;

    public void PushField(string name, string owner) => _steps.Add(new Step(name, owner, -1));

    public void PushKey(string key) => _steps.Add(new Step(key, null, -1));

    public void PushIndex(int index) => _steps.Add(new Step("", null, index));

    public void Pop() => _steps.RemoveAt(_steps.Count - 1);

    /// <summary>Upstream's decoders of some union types do not report what is inside.</summary>
    public void Suppress() => _suppressed++;

    public void Resume() => _suppressed--;

    public void UnknownField(string name) => Report("unknown", name);

    public void DuplicateField(string name) => Report("duplicate", name);

    /// <summary>Go's error for a value of the wrong type: names the innermost struct and the path of field names, without keys and indexes.</summary>
    public DecodeException Mismatch(string given, string goType)
    {
        var fields = _steps.Where(step => step.Owner is not null).ToList();
        return new DecodeException(fields.Count == 0
            ? $"json: cannot unmarshal {given} into Go value of type {goType}"
            : $"json: cannot unmarshal {given} into Go struct field {fields[^1].Owner}.{string.Join('.', fields.Select(step => step.Name))} of type {goType}");
    }

    private void Report(string fault, string name)
    {
        if (_suppressed > 0 || _strictErrors.Count >= MaxStrictErrors)
        {
            return;
        }

        var error = $"{fault} field \"{PathOf(name)}\"";
        if (!_strictErrors.Contains(error))
        {
            _strictErrors.Add(error);
        }
    }

    private string PathOf(string name)
    {
        var path = new StringBuilder();
        foreach (var step in _steps)
        {
            if (step.Index >= 0)
            {
                path.Append(CultureInfo.InvariantCulture, $"[{step.Index}]");
            }
            else
            {
                path.Append(path.Length == 0 ? "" : ".").Append(step.Name);
            }
        }

        return path.Append(path.Length == 0 ? "" : ".").Append(name).ToString();
    }

    // The owner is the struct that has the field; null for a key or an index.
    private readonly record struct Step(string Name, string? Owner, int Index);
}
