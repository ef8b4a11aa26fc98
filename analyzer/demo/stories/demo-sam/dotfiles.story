Settings of a shell and an editor.

%% 2021-02-06 11:00 sam
zsh
%% write .zshrc
export EDITOR=vim
setopt share_history
alias gs='git status --short'
%% write .vimrc
set number
set expandtab shiftwidth=4

%% 2021-09-18 16:20 sam
git
%% write .gitconfig
[pull]
	rebase = true
[rerere]
	enabled = true

%% 2022-12-28 20:10 sam
tmux
%% write .tmux.conf
set -g mouse on
set -g history-limit 50000

%% 2024-01-02 19:30 sam
longer history
%% edit .tmux.conf
-set -g history-limit 50000
+set -g history-limit 200000
