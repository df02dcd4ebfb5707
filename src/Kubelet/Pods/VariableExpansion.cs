using System.Text;

namespace MiniKube.Kubelet.Pods;

/// <summary>Replaces <c>$(NAME)</c> by the variable's value; an unknown name stays as it is, and <c>$$</c> is a dollar sign.</summary>
internal sealed class VariableExpansion(IEnumerable<(string Name, string Value)> variables)
{
    private readonly Dictionary<string, string> _values = variables.GroupBy(variable => variable.Name).ToDictionary(group => group.Key, group => group.Last().Value);

    public void Set(string name, string value) => _values[name] = value;

    public string Expand(string text) => Expand(text, name => _values.GetValueOrDefault(name));

    /// <summary>As <see cref="Expand(string)"/>, with the names that have no value, or an empty one.</summary>
    public string Expand(string text, out IReadOnlyList<string> missing)
    {
        var without = new SortedSet<string>(StringComparer.Ordinal);
        var expanded = Expand(text, name =>
        {
            if (_values.GetValueOrDefault(name) is { Length: > 0 } value)
            {
                return value;
            }

            without.Add(name);
            return "";
        });
        missing = [.. without];
        return expanded;
    }

    private static string Expand(string text, Func<string, string?> find)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '$' || i + 1 == text.Length)
            {
                result.Append(text[i]);
            }
            else if (text[i + 1] == '$')
            {
                result.Append('$');
                i++;
            }
            else if (text[i + 1] == '(' && text.IndexOf(')', i) is >= 0 and var end)
            {
                result.Append(find(text[(i + 2)..end]) ?? text[i..(end + 1)]);
                i = end;
            }
            else
            {
                result.Append('$');
            }
        }

        return result.ToString();
    }
}
