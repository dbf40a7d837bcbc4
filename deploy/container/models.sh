# Read by the other programs of this folder: which model is the current one, and how a shipped one gets into `models`.

cd "$(dirname "$0")/../.." || exit 1

# Sets the arguments that make nlu.training take in what reviewers taught, as the launcher does (launcher/programs.py).
teaching="${VAR_DIR:-var}/teaching"
taught=$teaching/in_force.yml
kept=$teaching/models_kept.txt

# The folder `models` may be a volume that hides what the image brings, so that lies in a folder of its own. A copy is
# renamed when it is whole: other machines read the same folder.
place_shipped_models() {
    for shipped in shipped-models/*; do
        target=models/${shipped##*/}
        if [ -f "$shipped" ] && [ ! -e "$target" ]; then
            cp "$shipped" "$target.$$"
            mv "$target.$$" "$target"
        fi
    done
}
